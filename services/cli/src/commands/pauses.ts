import type { PauseRef, PauseView, Resumed } from '@wami/contracts';
import type { Command } from 'commander';
import { printOne, printRows, type Column } from '../output/format';
import { askBefore } from '../output/ask';
import { STRONG, type Client } from '../api/client';
import { readAll } from '../api/pages';
import { idOrArn } from '../api/references';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';
import { parseMoment } from './times';
import { countSelected, selectedBy, type SelectionFlags } from './pause-selection';

interface PauseFlags extends SelectionFlags { readonly reason: string; readonly until?: string; readonly yes?: boolean; readonly dryRun?: boolean }
interface ResumeFlags extends SelectionFlags { readonly reason?: string; readonly yes?: boolean; readonly dryRun?: boolean }

const EXAMPLES = `
Examples:
  wami sync pause --tenant acme --reason "change freeze" --until 2h    two hours, then it goes on by itself
  wami sync pause --provider aws --account 123456789012 --reason "audit" --yes
  wami sync pause --resource user/ann --reason "she moves on Monday" --until 2027-01-31T08:00:00Z
  wami sync pauses                                                     who paused what, why, until when
  wami sync resume --tenant acme                                       ends every pause of acme and below

While a pause holds, nothing is called for what it selects: edits, deletions and revocations wait. What was being carried out is brought to its end.`;

const what = ({ tenant, provider, account, resource }: PauseRef): string =>
  [tenant === '' ? 'everything' : tenant, ...(provider === undefined && account === undefined ? [] : [`at ${provider ?? '*'}/${account ?? '*'}`]), ...(resource === undefined ? [] : [resource])].join(' ');
const when = (until: string | undefined): string => (until === undefined ? 'resumed' : until.slice(0, 16).replace('T', ' '));
const COLUMNS: readonly Column<PauseView>[] = [
  { title: 'PAUSE', value: ({ id }) => id }, { title: 'WHAT', value: what }, { title: 'UNTIL', value: ({ until }) => when(until) },
  { title: 'SINCE', value: ({ startedAt }) => ago(startedAt) }, { title: 'BY', value: ({ startedBy }) => startedBy }, { title: 'WHY', value: ({ reason }) => reason },
];
const nameOf = ({ id }: { readonly id: string }): string => `pause/${id}`;

export function addPauseCommands(sync: Command): void {
  addSelection(sync.command('pause').description('call nothing for what is selected (--tenant with its children) for a while'))
    .requiredOption('--reason <text>', 'why; others read it').option('--until <when>', 'a time like 2027-01-31T12:00:00Z, or from now on: 90m, 2h, 7d', parseMoment)
    .addHelpText('after', EXAMPLES).action(async (flags: PauseFlags, command: Command) => pause(contextOf(command), flags));
  addSelection(sync.command('resume').description('end every pause that selects no more than this')).option('--reason <text>', 'why')
    .addHelpText('after', EXAMPLES).action(async (flags: ResumeFlags, command: Command) => resume(contextOf(command), flags));
  sync.command('pauses').description('who paused what, why, and until when').option('--ended', 'with those that are over')
    .action(async (flags: { ended?: boolean }, command: Command) => {
      const { client, format } = contextOf(command);
      const pauses = await readAll<PauseView>(client, '/v1/pauses', { tenant: client.settings.tenant, ended: flags.ended ? 'true' : undefined }, STRONG);
      if (pauses.length === 0 && format === 'table') process.stderr.write('Nothing is paused.\n');
      printRows(pauses, COLUMNS, format, nameOf);
    });
}

function addSelection(command: Command): Command {
  return command.option('--provider <name>', 'only at this provider').option('--account <id>', 'only at this account').option('--resource <resource>', 'only this one: user/ann, an id or an ARN')
    .option('-y, --yes', 'do not ask').option('--dry-run', 'check everything on the server and write nothing');
}

const resourceOf = async (client: Client, { resource }: SelectionFlags): Promise<string | undefined> => resource && idOrArn(client, resource);
const agree = (about: string, { yes }: { readonly yes?: boolean }): Promise<void> => askBefore(`${about} Continue?`, { yes, about });

async function pause(context: Context, flags: PauseFlags): Promise<void> {
  const { client, format } = context;
  const selected = selectedBy(client, flags, await resourceOf(client, flags));
  if (!flags.dryRun && flags.resource === undefined) await agree(`This holds back ${await countSelected(client, selected)}.`, flags);
  const body = { ...selected, reason: flags.reason, ...(flags.until === undefined ? {} : { until: flags.until }) };
  const { body: paused } = await client.call<PauseView>('POST', '/v1/sync/pause', { body, query: { dryRun: flags.dryRun ? 'true' : undefined } });
  printOne(paused, COLUMNS, format, nameOf);
  if (flags.dryRun) process.stderr.write('Nothing was written (--dry-run).\n');
}

async function resume(context: Context, flags: ResumeFlags): Promise<void> {
  const { client, format } = context;
  const body = { ...selectedBy(client, flags, await resourceOf(client, flags)), ...(flags.reason === undefined ? {} : { reason: flags.reason }) };
  const send = async (dryRun: boolean): Promise<Resumed> => (await client.call<Resumed>('POST', '/v1/sync/resume', { body, query: { dryRun: dryRun ? 'true' : undefined } })).body;
  const would = await send(true);
  if (!flags.dryRun && would.ended.length > 1) await agree(`This ends ${would.ended.length} pauses.`, flags);
  const done = flags.dryRun ? would : await send(false);
  if (format === 'json' || format === 'yaml') printOne(done, [], format, () => '');
  else printRows(done.ended.map((id) => ({ id })), [{ title: 'ENDED', value: ({ id }) => id }], format, nameOf);
  if (done.ended.length === 0) process.stderr.write('No pause selects no more than this.\n');
  for (const wider of done.stillPausedBy) process.stderr.write(`Still paused by ${wider.id} (${what(wider)}, until ${when(wider.until)}).\n`);
  if (flags.dryRun) process.stderr.write('Nothing was written (--dry-run).\n');
}
