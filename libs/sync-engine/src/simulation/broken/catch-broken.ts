import type { SimulateOptions } from '../options';
import type { RunOne, Tally } from '../run-seeds';
import type { Violation } from '../violation';
import { BROKEN_ENGINES, type BrokenEngine } from './broken-engines';
import { loadBroken, type Broken } from './load-broken';

/** Runs a broken engine; without one the shipped engine. */
export type RunnerOf = (broken?: Broken) => RunOne;

/** What a seed found of a broken engine first, and of the shipped one. */
interface Finding {
  readonly seed: number;
  readonly by: Violation;
  readonly shipped: Violation | undefined;
}

/**
 * Tries each broken engine until a seed fails, the one that did before first, and tells by what. It is caught where the shipped engine passes with that seed:
 * a seed with which both fail tells nothing. In the tally an engine counts as a seed.
 */
export async function catchBroken(runnerOf: RunnerOf, options: SimulateOptions, say: (text: string) => void): Promise<Tally> {
  const { from, seeds, search, core, part: [part] } = options;
  const engines = enginesOf(options);
  const shipped = firstViolationOf(runnerOf());
  let caught = 0;
  if (part === 0) say('| promise | broken so that | caught by | seed |\n|---|---|---|--:|');
  for (const engine of engines) {
    const known = seedOf(engine, core);
    const found = await find(runnerOf(loadBroken(engine)), shipped, [...(search || known === undefined ? [] : [known]), ...Array.from({ length: seeds }, (_, i) => from + i)]);
    if (found && !found.shipped) caught += 1;
    say(`| ${engine.promise} | ${engine.what} | ${words(found)} | ${found?.seed ?? ''} |`);
  }
  return { seeds: engines.length, failed: engines.length - caught, figures: {}, faults: {} };
}

/** Those of this part: all with one seed are in one, so that the shipped engine runs with it once. */
function enginesOf({ only, core, rest, part: [part, parts] }: SimulateOptions): BrokenEngine[] {
  const engines = BROKEN_ENGINES.filter((one) => `${one.promise} ${one.what}`.includes(only) && (core ? one.coreSeed !== undefined : one.coreSeed === undefined || (one.seed !== undefined && !rest)));
  const seeds = [...new Set(engines.map((one) => seedOf(one, core)))];
  return engines.filter((one) => seeds.indexOf(seedOf(one, core)) % parts === part);
}

function seedOf({ seed, coreSeed }: BrokenEngine, core: boolean): number | undefined {
  return core ? coreSeed : seed;
}

async function find(run: RunOne, shipped: (seed: number) => Promise<Violation | undefined>, seeds: readonly number[]): Promise<Finding | undefined> {
  for (const seed of seeds) {
    const [by] = (await run({ seed })).violations;
    if (by) return { seed, by, shipped: await shipped(seed) };
  }
  return undefined;
}

/** Runs each seed once. */
function firstViolationOf(run: RunOne): (seed: number) => Promise<Violation | undefined> {
  const runs = new Map<number, Promise<Violation | undefined>>();
  return (seed) => {
    const first = runs.get(seed) ?? run({ seed }).then(({ violations: [violation] }) => violation);
    runs.set(seed, first);
    return first;
  };
}

function words(found: Finding | undefined): string {
  if (!found) return 'NOT CAUGHT';
  return found.shipped ? `NOT CAUGHT: with this seed the shipped engine fails, too: ${found.shipped.oracle}: ${found.shipped.words}` : found.by.oracle;
}
