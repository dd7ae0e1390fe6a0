import type { ImportItem, JobView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { readAll } from '../api/pages';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printRows, type Column } from '../output/format';
import { addJobOptions, askJob, type JobFlags } from './ask-job';
import { contextOf } from './context';

interface Flags extends JobFlags {
  readonly provider: string;
  readonly account?: string;
  readonly kinds?: string;
  readonly adopt?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
}

const COLUMNS: readonly Column<ImportItem>[] = [
  { title: 'KIND', value: ({ kind }) => kind }, { title: 'NAME', value: ({ name }) => name }, { title: 'OUTCOME', value: ({ outcome }) => outcome },
  { title: 'WHY', value: ({ obstacle, code }) => obstacle ?? code ?? '' }, { title: 'RESOURCE', value: ({ resource }) => resource ?? '' },
];
const DEFAULT_TENANT = 'default';

const HELP = `
Examples:
  wami sync import --provider aws --account 123456789012              what is there that nobody manages
  wami sync import --provider aws --account 123456789012 --adopt      manage it from now on, once you said yes; nothing of it changes but its marks
  wami sync import --provider aws --kinds group -o json               groups alone, for a program

OUTCOME: found, it can be imported; obstacle, it cannot; imported; refused by the tenant's rules, WHY says which. See docs/import.md.`;

/** `wami sync import`. */
export function addSyncImport(sync: Command): void {
  addJobOptions(sync.command('import').description('find what nobody manages at a target, and with --adopt manage it from now on'))
    .addOption(new Option('--provider <name>', 'provider, like aws').makeOptionMandatory())
    .option('--account <account>', 'which account, where the tenant is synced to several')
    .option('--kinds <kinds>', 'user, group, or both with a comma between; by default all')
    .option('--adopt', 'make resources of what was found; each stands for exactly that thing')
    .option('-y, --yes', 'do not ask before adopting')
    .option('--reason <text>', 'for those who read the history')
    .addHelpText('after', HELP)
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command);
      const { client, format } = context;
      const { provider, account, kinds, adopt, reason } = flags;
      const body = {
        tenant: client.settings.tenant ?? DEFAULT_TENANT, provider, ...(account === undefined ? {} : { account }), ...(kinds === undefined ? {} : { kinds: kinds.split(',') }),
        adopt: adopt ?? false, ...(reason === undefined ? {} : { reason }),
      };
      if (adopt && !flags.dryRun) {
        const about = `All that nobody manages at ${provider}${account === undefined ? '' : `/${account}`} becomes resources of ${body.tenant}.`;
        await askBefore(`${about} Continue?`, { yes: flags.yes, about });
      }
      const done = await askJob(context, '/v1/sync/import', body, flags, ({ import: progress, stillPending }) => `${progress?.found ?? 0} found, ${stillPending} not decided yet`);
      if (!done) return;
      const items = await readAll<ImportItem>(client, `/v1/imports/${done.id}/items`);
      printRows(items, COLUMNS, format, ({ resource, item }) => resource ?? item);
      process.stderr.write(summary(done));
      if ((done.import?.refused ?? 0) + (done.import?.problems.length ?? 0) > 0) throw new CliError(EXIT.failed, 'Not everything was imported.', `See GET /v1/imports/${done.id}/items?outcome=refused`);
    });
}

function summary({ import: progress }: JobView): string {
  if (!progress) return '';
  const { provider, account, tenant, adopt, seen, managed, found, imported, refused, problems } = progress;
  const failed = problems.map(({ kind, code, message }) => `  ${kind} could not be read: ${code} ${message}\n`).join('');
  const made = adopt ? `, ${imported} imported, ${refused} refused` : '';
  const next = !adopt && found > 0 ? `Next: the same with --adopt makes them resources of ${tenant}.\n` : '';
  return `${provider}/${account}: ${seen} seen, ${managed} managed already, ${found} not managed${made}.\n${failed}${next}`;
}
