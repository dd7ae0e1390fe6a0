import type { DeadLetter, DeadLetterEvent, DeadLettersTried } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { readAll } from '../api/pages';
import { idOf } from '../api/references';
import { asked, ofSyncService, parkedElsewhere } from '../api/parked-answers';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';

interface ListFlags {
  readonly consumer?: string;
  readonly resource?: string;
  readonly type?: string;
  readonly skipped?: boolean;
}
interface SkipFlags {
  readonly reason: string;
  readonly yes?: boolean;
}

const HELP = `
Examples:
  wami dead-letters                                  events that the read models or a sync service could not take in, and what waits behind them
  wami dead-letters --consumer sync-aws              of one of them
  wami dead-letters --resource usr_01JD...           of one resource
  wami dead-letters show evt_01JD...                 the event, why it was refused, how many wait behind it
  wami dead-letters retry evt_01JD...                try its line again: it, and what waits behind it
  wami dead-letters retry                            try all of them, as every start of a service does with its own
  wami dead-letters skip evt_01JD... --reason "..."  leave it out for good, and try what waits behind it

What a sync service parked is named with it: sync-aws:evt_01JD... It is asked through an event, and answers by one.

Needs the administrator's token. Later events of the same resource wait, so that their order holds; everything else flows on. See docs/dead-letters.md.`;

const COLUMNS: readonly Column<DeadLetter>[] = [
  { title: 'ID', value: ({ id }) => id }, { title: 'TYPE', value: ({ type }) => type }, { title: 'RESOURCE', value: ({ resource }) => resource }, { title: 'TENANT', value: ({ tenant }) => tenant },
  { title: 'PARKED', value: ({ parkedAt }) => ago(parkedAt) }, { title: 'TRIED', value: ({ attempts, waiting }) => (waiting ? 'waits' : String(attempts)) },
  { title: 'WHY', value: ({ reason, skipped }) => (skipped ? `skipped by ${skipped.by}: ${skipped.reason} (${reason})` : reason) },
];
const MORE: readonly Column<DeadLetterEvent>[] = [
  ...COLUMNS.slice(0, -1) as readonly Column<DeadLetterEvent>[], { title: 'BEHIND', value: ({ behind }) => String(behind) },
  { title: 'WHY', value: ({ reason, data }) => `${reason}  ${JSON.stringify(data)}` },
];
const nameOf = ({ id }: DeadLetter): string => `dead-letter/${id}`;
const pathOf = (id: string): string => `/v1/dead-letters/${encodeURIComponent(id)}`;

/** `wami dead-letters`. */
export function addDeadLetterCommands(program: Command): void {
  const letters = program.command('dead-letters').description('events that could not be taken in: list, show, retry, skip').addHelpText('after', HELP);
  letters.command('list', { isDefault: true }).description('all of them, in the order in which they were parked').option('--consumer <name>', 'only of the projection, or of a sync service such as sync-aws')
    .option('--resource <resource>', 'only of this one: user/ann, an id or an ARN').option('--type <type>', 'only this event type')
    .option('--skipped', 'those that were left out for good').action(async (flags: ListFlags, command: Command) => list(contextOf(command), flags));
  letters.command('show').argument('<id>', 'of the event').description('one, with the event').action(async (id: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    printOne((await client.call<DeadLetterEvent>('GET', pathOf(id))).body, MORE, format, nameOf);
  });
  letters.command('retry').argument('[id]', 'of the one whose line is tried; default: all').description('try again; ends with 1 where something stays parked')
    .action(async (id: string | undefined, _flags: object, command: Command) => tell(contextOf(command), await retry(contextOf(command).client, id)));
  letters.command('skip').argument('<id>', 'of the event').description('leave one out for good and try what waits behind it').requiredOption('--reason <text>', 'kept beside it')
    .option('-y, --yes', 'do not ask').action(async (id: string, flags: SkipFlags, command: Command) => skip(contextOf(command), id, flags));
}

async function list({ client, format }: Context, { consumer, resource, type, skipped }: ListFlags): Promise<void> {
  const rows = await readAll<DeadLetter>(client, '/v1/dead-letters', { tenant: client.settings.tenant, consumer, resource: resource && await idOf(client, resource), type, skipped: skipped ? 'true' : undefined });
  if (rows.length === 0 && format === 'table') process.stderr.write(skipped ? 'Nothing was skipped.\n' : 'No event is parked.\n');
  printRows(rows, COLUMNS, format, nameOf);
}

async function retry(client: Client, id: string | undefined): Promise<DeadLettersTried> {
  const elsewhere = id === undefined ? undefined : ofSyncService(id);
  if (elsewhere && id !== undefined) return asked(client, 'retry', elsewhere, await lineOf(client, id));
  const { body: own } = await client.call<DeadLettersTried>('POST', id === undefined ? '/v1/dead-letters/retry' : `${pathOf(id)}/retry`, { body: {} });
  const parked = id === undefined ? await parkedElsewhere(client) : [];
  if (parked.length === 0) return own;
  const others = await asked(client, 'retry', {}, parked);
  return { takenIn: own.takenIn + others.takenIn, parked: own.parked + others.parked };
}

async function skip(context: Context, id: string, { reason, yes }: SkipFlags): Promise<void> {
  const { client } = context;
  const { body: { consumer, type, resource, behind } } = await client.call<DeadLetterEvent>('GET', pathOf(id));
  const elsewhere = ofSyncService(id);
  const about = `${elsewhere ? `The clouds of ${consumer}` : 'The read models'} never hold what ${type} says of ${resource}; ${behind} that wait behind it are tried. That cannot be taken back.`;
  await askBefore(`${about} Continue?`, { yes, about });
  if (elsewhere) return tell(context, await asked(client, 'skip', { ...elsewhere, reason }, await lineOf(client, id), id));
  tell(context, (await client.call<DeadLettersTried>('POST', `${pathOf(id)}/skip`, { body: { reason } })).body);
}

/** What its sync service has parked of the line. @throws CliError where there is no such one, or it was skipped */
async function lineOf(client: Client, id: string): Promise<DeadLetter[]> {
  const { body: { consumer, resource, skipped } } = await client.call<DeadLetterEvent>('GET', pathOf(id));
  if (skipped) throw new CliError(EXIT.notFound, 'It was skipped: nothing of it is tried again.');
  return parkedElsewhere(client, { consumer, resource });
}

function tell({ format }: Context, done: DeadLettersTried): void {
  printOne(done, [{ title: 'TAKEN IN', value: ({ takenIn }: DeadLettersTried) => String(takenIn) }, { title: 'STILL PARKED', value: ({ parked }: DeadLettersTried) => String(parked) }], format, () => 'dead-letters');
  if (done.parked > 0) throw new CliError(EXIT.failed, `${done.parked} are still parked.`, '`wami dead-letters` says why. A release that knows the event takes it in at its start.');
}
