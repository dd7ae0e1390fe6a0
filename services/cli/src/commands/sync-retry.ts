import type { JobView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-codes';
import { printOne, type Column } from '../output/format';
import { addJobOptions, askJob, type JobFlags } from './ask-job';
import { contextOf, parseCount } from './context';

interface Flags extends JobFlags {
  readonly kind?: string;
  readonly code?: string;
  readonly maxRetries?: number;
}

const COLUMNS: readonly Column<JobView>[] = [
  { title: 'JOB', value: ({ id }) => id }, { title: 'RETRIED', value: ({ total }) => String(total) },
  { title: 'SUCCEEDED', value: ({ succeeded }) => String(succeeded) }, { title: 'FAILED', value: ({ failed }) => String(failed) },
  { title: 'HELD', value: ({ held = 0 }) => String(held) },
];

const EXAMPLES = `Examples:
  wami sync retry                              all that failed
  wami sync retry --code AccessDenied          once the permission is there
  wami sync retry --kind user --max-retries 3  users, each at most three times more
`;

/** `wami sync retry`. */
export function addSyncRetry(sync: Command): void {
  addJobOptions(sync.command('retry').description('try again what failed')
    .option('--kind <kind>', 'only of this kind, like user').option('--code <code>', 'only what failed with this error code, like AccessDenied')
    .addOption(new Option('--max-retries <count>', 'so often more, where it fails again and that may pass').argParser(parseCount)))
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', '\nWaits for the end: ends with 0 where nothing failed, 3 where something did or is held, 8 where --timeout ran out. The codes: docs/errors.md.')
    .action(async ({ kind, code, maxRetries, ...flags }: Flags, command: Command) => {
      const context = contextOf(command);
      const { client: { settings: { tenant } }, format } = context;
      const filter = { tenant, kind, code };
      const body = { ...(Object.values(filter).some((one) => one !== undefined) ? { filter } : {}), ...(maxRetries === undefined ? {} : { maxRetries }) };
      const done = await askJob(context, '/v1/sync/retry', body, flags, ({ stillPending, total }) => `${stillPending} of ${total} not settled yet`);
      if (!done) return;
      printOne(done, COLUMNS, format, ({ id }) => `job/${id}`);
      if (done.failed + (done.held ?? 0) > 0) process.exitCode = EXIT.notAllSynced;
    });
}
