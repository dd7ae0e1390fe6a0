import { SeedRun, type RunResult } from './run-seed';
import type { SimulateOptions } from './options';
import type { SimulationDatabase } from './simulation-database';

const MOST_TOLD = 5;

/** Runs seed after seed; tells of each that fails, and of all at the end. Resolves with whether none did. */
export async function runSeeds(database: SimulationDatabase, { from, seeds, trace, twice }: SimulateOptions, say: (text: string) => void): Promise<boolean> {
  const began = process.hrtime.bigint();
  const faults: Record<string, number> = {};
  const sum = { events: 0, commands: 0, calls: 0, statements: 0 };
  const failed: number[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await new SeedRun(database, { seed, trace }).run();
    for (const [fault, n] of Object.entries(result.faults)) faults[fault] = (faults[fault] ?? 0) + n;
    for (const figure of Object.keys(sum) as (keyof typeof sum)[]) sum[figure] += result[figure];
    if (trace) say(result.lines.join('\n'));
    if (seeds === 1) say(`hash ${result.hash}`);
    const isSame = !twice || (await new SeedRun(database, { seed }).run()).hash === result.hash;
    if (!isSame) say(`seed ${seed} went another way the second time`);
    if (result.violations.length > 0) say(words(result));
    if (!isSame || result.violations.length > 0) failed.push(seed);
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  say(`${seeds} seeds${twice ? ' twice' : ''} in ${seconds.toFixed(1)} s (${(seeds * (twice ? 2 : 1) / seconds).toFixed(1)} a second): ${failed.length} failed`);
  say(Object.entries(sum).map(([figure, n]) => `${figure} ${n}`).join(', '));
  say(`faults: ${Object.entries(faults).sort().map(([fault, n]) => `${fault} ${n}`).join(', ')}`);
  return failed.length === 0;
}

function words({ seed, violations }: RunResult): string {
  const told = violations.slice(0, MOST_TOLD).map(({ oracle, words: what }) => `  ${oracle}: ${what}`);
  return [`seed ${seed} failed; npm run simulate -- --seed ${seed} --trace shows all of it`, ...told].join('\n');
}
