import type { RunResult } from './run-seed';
import { added, total } from './figures';
import type { SimulateOptions } from './options';

const MOST_TOLD = 5;

/** What came of some seeds. */
export interface Tally {
  readonly seeds: number;
  readonly failed: number;
  /** How often what happened. */
  readonly figures: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
}

/** One run of a seed. */
export type RunOne = (options: { readonly seed: number; readonly trace?: boolean }) => Promise<RunResult>;

/** Runs seed after seed, those of its part, and tells of each that fails. */
export async function runSeeds(run: RunOne, { from, seeds, trace, twice, part: [part, parts], core }: SimulateOptions, say: (text: string) => void): Promise<Tally> {
  let tally: Tally = { seeds: 0, failed: 0, figures: {}, faults: {} };
  for (let seed = from + part; seed < from + seeds; seed += parts) {
    const result = await run({ seed, trace });
    const { events, commands, calls, statements, faults, violations, hash } = result;
    if (trace) say(result.lines.join('\n'));
    if (seeds === 1) say(`hash ${hash}`);
    const isSame = !twice || (await run({ seed })).hash === hash;
    if (!isSame) say(`seed ${seed} went another way the second time`);
    if (violations.length > 0) say(words(result, core));
    tally = sum([tally, { seeds: 1, failed: isSame && violations.length === 0 ? 0 : 1, figures: { events, commands, calls, statements }, faults }]);
  }
  return tally;
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    seeds: total(tallies.map(({ seeds }) => seeds)), failed: total(tallies.map(({ failed }) => failed)),
    figures: added(tallies.map(({ figures }) => figures)), faults: added(tallies.map(({ faults }) => faults)),
  };
}

/** All of it, in three lines. */
export function tell({ seeds, failed, figures, faults }: Tally, { twice }: SimulateOptions, seconds: number, say: (text: string) => void): void {
  say(`${seeds} seeds${twice ? ' twice' : ''} in ${seconds.toFixed(1)} s (${(seeds * (twice ? 2 : 1) / seconds).toFixed(1)} a second): ${failed} failed`);
  say(Object.entries(figures).map(([figure, n]) => `${figure} ${n}`).join(', '));
  say(`faults: ${Object.entries(faults).sort().map(([fault, n]) => `${fault} ${n}`).join(', ')}`);
}

function words({ seed, violations }: RunResult, core: boolean): string {
  const told = violations.slice(0, MOST_TOLD).map(({ oracle, words: what }) => `  ${oracle}: ${what}`);
  return [`seed ${seed} failed; npm run simulate -- ${core ? '--core ' : ''}--seed ${seed} --trace shows all of it`, ...told].join('\n');
}
