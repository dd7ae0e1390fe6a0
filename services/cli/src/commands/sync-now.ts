import type { JobView } from '@wami/contracts';
import type { Command } from 'commander';
import { idOrArn } from '../api/references';
import { EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, type Column } from '../output/format';
import { addJobOptions, askJob, type JobFlags } from './ask-job';
import { contextOf } from './context';
import { countSelected } from './pause-selection';

interface Flags extends JobFlags {
  readonly provider?: string;
  readonly yes?: boolean;
}

const COLUMNS: readonly Column<JobView>[] = [
  { title: 'JOB', value: ({ id }) => id }, { title: 'LOOKED AT', value: ({ total }) => String(total) },
  { title: 'SUCCEEDED', value: ({ succeeded }) => String(succeeded) }, { title: 'FAILED', value: ({ failed }) => String(failed) },
  { title: 'HELD', value: ({ held = 0 }) => String(held) },
];

const EXAMPLES = `Examples:
  wami sync now user/ann group/staff           compare both with every target, and close the difference
  wami sync now --tenant acme --provider aws   all of acme and below, once you said yes
`;

/** `wami sync now`. */
export function addSyncNow(sync: Command): void {
  addJobOptions(sync.command('now').argument('[resources...]', 'KIND/NAME, ids or ARNs; without any: everything').description('compare with the clouds now, and close the difference')
    .option('--provider <name>', 'only at this provider').option('-y, --yes', 'do not ask before everything is compared'))
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', '\nWaits for the end: ends with 0 where nothing failed, 3 where something did, is held by a pause, the guard or a trigger that is off, or waits for what failed, 8 where --timeout ran out. What differs is put back, or taken over, as the tenant\'s direction says: docs/drift.md.')
    .action(async (refs: readonly string[], flags: Flags, command: Command) => {
      const context = contextOf(command);
      const { client, format } = context;
      const { provider, yes } = flags;
      const { tenant } = client.settings;
      const resources = await Promise.all(refs.map((ref) => idOrArn(client, ref)));
      const all = resources.length === 0;
      if (all && !flags.dryRun) {
        const about = `This compares ${await countSelected(client, { ...(tenant === undefined ? {} : { tenant }), ...(provider === undefined ? {} : { provider }) })}.`;
        await askBefore(`${about} Continue?`, { yes, about });
      }
      const body = { ...(all ? {} : { resources }), ...(all && tenant !== undefined ? { filter: { tenant } } : {}), ...(provider === undefined ? {} : { providers: [provider] }) };
      const done = await askJob(context, '/v1/sync', body, flags, ({ stillPending, total }) => `${stillPending} of ${total} not settled yet`);
      if (!done) return;
      printOne(done, COLUMNS, format, ({ id }) => `job/${id}`);
      if (done.failed + (done.held ?? 0) > 0) process.exitCode = EXIT.notAllSynced;
    });
}
