import type { JobView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { jobDone } from '../api/job-done';
import { CliError, EXIT } from '../exit-codes';
import { printOne } from '../output/format';
import type { Context } from './context';
import { parseDuration } from './times';

export interface JobFlags {
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** Flags of every command that asks the engines for work. */
export function addJobOptions(command: Command): Command {
  return command
    .option('--dry-run', 'check on the server whether it could be asked for, and ask nothing')
    .option('--no-wait', 'do not wait for the end; print the job')
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(300_000, '5m'));
}

/**
 * Asks the engines for work. Resolves with the job once it is done; undefined where nothing was asked for (`--dry-run`), or nobody waits: then the job is
 * printed. @throws CliError, with what `late` says of the job, where the time is up
 */
export async function askJob({ client, format }: Context, path: string, body: object, { dryRun, wait, timeout }: JobFlags, late: (job: JobView) => string): Promise<JobView | undefined> {
  const { body: { job }, headers } = await client.call<{ job: string }>('POST', path, { body, query: { dryRun: dryRun ? 'true' : undefined } });
  if (dryRun) return void process.stderr.write('Nothing was asked for (--dry-run).\n');
  if (!wait) return void printOne({ job }, [{ title: 'JOB', value: (one: { job: string }) => one.job }], format, (one) => `job/${one.job}`);
  return jobDone(client, job, {
    after: headers.get('wami-position') ?? undefined, timeoutMs: timeout,
    late: (view) => new CliError(EXIT.waitRanOut, `${job} goes on: ${late(view)}.`, 'It goes on without you; is the target reachable? See `wami status`.'),
  });
}
