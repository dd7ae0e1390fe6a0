import { startTestPostgres } from '@wami/testing';
import { catchBroken, type RunnerOf } from './broken/catch-broken';
import { CoreRun } from './core/run-core-seed';
import { inParts, type PartDone } from './in-parts';
import { parseOptions, USAGE, type SimulateOptions } from './options';
import { SeedRun } from './run-seed';
import { runSeeds, sum, tell, type Tally } from './run-seeds';
import { SERVER_SETTINGS, SimulationDatabase } from './simulation-database';

type Say = (text: string) => void;

/** `npm run simulate`: see docs/simulation.md. Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return args.includes('--help') ? 0 : 2;
  }
  const say: Say = (text) => void process.stdout.write(`${text}\n`);
  const began = process.hrtime.bigint();
  const tally = options.jobs > 1 ? sum(await inParts(options.jobs, args)) : await onePart(options, say);
  if (options.part[1] > 1) process.send?.({ tally } satisfies PartDone);
  else if (options.broken) say(`broken engines: ${tally.seeds}, caught: ${tally.seeds - tally.failed}`);
  else tell(tally, options, Number(process.hrtime.bigint() - began) / 1e9, say);
  return tally.failed === 0 ? 0 : 1;
}

async function onePart(options: SimulateOptions, say: Say): Promise<Tally> {
  const work = (runnerOf: RunnerOf): Promise<Tally> => (options.broken ? catchBroken(runnerOf, options, say) : runSeeds(runnerOf(), options, say));
  if (options.core) return work((broken) => (one) => new CoreRun({ ...one, ...(broken && { core: broken.core() }) }).run());
  return withDatabase((database) => work((broken) => (one) => new SeedRun(database, { ...one, ...(broken && { start: broken.start() }) }).run()));
}

async function withDatabase(work: (database: SimulationDatabase) => Promise<Tally>): Promise<Tally> {
  const postgres = await startTestPostgres({ settings: SERVER_SETTINGS });
  try {
    const database = await SimulationDatabase.open(postgres.localUrl);
    const tally = await work(database);
    await database.close();
    return tally;
  } finally {
    await postgres.stop();
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
