import { CommanderError } from 'commander';
import { CliError, EXIT } from './exit-codes';
import { createProgram } from './program';

/** Runs one command and leaves its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed));
  process.once('SIGINT', () => process.exit(EXIT.interrupted));
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof CliError)) {
    process.stderr.write(`wami: ${error instanceof Error ? error.message : 'failed'}\n`);
    return EXIT.failed;
  }
  process.stderr.write(`✗ ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
  return error.exitCode;
}
