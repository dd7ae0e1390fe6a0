import type { SimulateOptions } from '../options';
import type { RunOne, Tally } from '../run-seeds';
import { BROKEN_ENGINES, type BrokenEngine } from './broken-engines';
import { loadBroken, type Broken } from './load-broken';

/** Tries each broken engine until a seed catches it, the one that did before first, and tells by what. In the tally an engine counts as a seed. */
export async function catchBroken(runnerOf: (broken: Broken) => RunOne, options: SimulateOptions, say: (text: string) => void): Promise<Tally> {
  const { from, seeds, only, search, core, rest, part: [part, parts] } = options;
  const engines = BROKEN_ENGINES.filter((one) => `${one.promise} ${one.what}`.includes(only) && (core ? one.coreSeed !== undefined : one.coreSeed === undefined || (one.seed !== undefined && !rest))).filter((_, i) => i % parts === part);
  let caught = 0;
  if (part === 0) say('| promise | broken so that | caught by | seed |\n|---|---|---|--:|');
  for (const engine of engines) {
    const known = core ? engine.coreSeed : engine.seed;
    const by = await catchOne(runnerOf, engine, [...(search || known === undefined ? [] : [known]), ...Array.from({ length: seeds }, (_, i) => from + i)]);
    if (by) caught += 1;
    say(`| ${engine.promise} | ${engine.what} | ${by?.oracle ?? 'NOT CAUGHT'} | ${by?.seed ?? ''} |`);
  }
  return { seeds: engines.length, failed: engines.length - caught, figures: {}, faults: {} };
}

async function catchOne(runnerOf: (broken: Broken) => RunOne, engine: BrokenEngine, seeds: readonly number[]): Promise<{ oracle: string; seed: number } | undefined> {
  const run = runnerOf(loadBroken(engine));
  for (const seed of seeds) {
    const [first] = (await run({ seed })).violations;
    if (first) return { oracle: first.oracle, seed };
  }
  return undefined;
}
