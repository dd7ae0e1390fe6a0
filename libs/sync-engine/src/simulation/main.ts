import { startTestPostgres } from '@wami/testing';
import { catchBroken } from './broken/catch-broken';
import { parseOptions, USAGE } from './options';
import { runSeeds } from './run-seeds';
import { SERVER_SETTINGS, SimulationDatabase } from './simulation-database';

/** `npm run simulate`: see docs/simulation.md. Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return args.includes('--help') ? 0 : 2;
  }
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const postgres = await startTestPostgres({ settings: SERVER_SETTINGS });
  try {
    const database = await SimulationDatabase.open(postgres.localUrl);
    const isGood = await (options.broken ? catchBroken(database, options, say) : runSeeds(database, options, say));
    await database.close();
    return isGood ? 0 : 1;
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
