import type { SimulateOptions } from '../options';
import { SeedRun } from '../run-seed';
import type { SimulationDatabase } from '../simulation-database';
import { BROKEN_ENGINES, type BrokenEngine } from './broken-engines';
import { loadBroken } from './load-broken';

/** Tries each broken engine until a seed catches it, the one that did before first, and tells by what. Resolves with whether all were caught. */
export async function catchBroken(database: SimulationDatabase, { from, seeds, only, search }: SimulateOptions, say: (text: string) => void): Promise<boolean> {
  const engines = BROKEN_ENGINES.filter(({ what, promise }) => `${promise} ${what}`.includes(only));
  let caught = 0;
  say('| promise | broken so that | caught by | seed |\n|---|---|---|--:|');
  for (const engine of engines) {
    const by = await catchOne(database, engine, [...(search || engine.seed === undefined ? [] : [engine.seed]), ...Array.from({ length: seeds }, (_, i) => from + i)]);
    if (by) caught += 1;
    say(`| ${engine.promise} | ${engine.what} | ${by?.oracle ?? 'NOT CAUGHT'} | ${by?.seed ?? ''} |`);
  }
  say(`broken engines: ${engines.length}, caught: ${caught}`);
  return caught === engines.length;
}

async function catchOne(database: SimulationDatabase, engine: BrokenEngine, seeds: readonly number[]): Promise<{ oracle: string; seed: number } | undefined> {
  const start = loadBroken(engine);
  for (const seed of seeds) {
    const [first] = (await new SeedRun(database, { seed, start }).run()).violations;
    if (first) return { oracle: first.oracle, seed };
  }
  return undefined;
}
