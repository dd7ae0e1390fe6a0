import type { DeadLetter, DeadLetterEvent, DeadLettersTried } from '@wami/contracts';
import type { Command } from 'commander';
import { readAll } from '../api/pages';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';

interface ListFlags {
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
  wami dead-letters                                  events that the read models could not take in, and what waits behind them
  wami dead-letters --resource usr_01JD...           of one resource
  wami dead-letters show evt_01JD...                 the event, why it was refused, how many wait behind it
  wami dead-letters retry evt_01JD...                try its line again: it, and what waits behind it
  wami dead-letters retry                            try all of them, as every start of the projection does
  wami dead-letters skip evt_01JD... --reason "..."  leave it out for good, and try what waits behind it

Needs the administrator's token. Later events of the same resource wait, so that their order holds; everything else flows on. See docs/dead-letters.md.`;

const COLUMNS: readonly Column<DeadLetter>[] = [
  { title: 'EVENT', value: ({ id }) => id }, { title: 'TYPE', value: ({ type }) => type }, { title: 'RESOURCE', value: ({ resource }) => resource }, { title: 'TENANT', value: ({ tenant }) => tenant },
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
  letters.command('list', { isDefault: true }).description('all of them, in the order in which they were parked').option('--resource <id>', 'only of this resource').option('--type <type>', 'only this event type')
    .option('--skipped', 'those that were left out for good').action(async (flags: ListFlags, command: Command) => list(contextOf(command), flags));
  letters.command('show').argument('<id>', 'of the event').description('one, with the event').action(async (id: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    printOne((await client.call<DeadLetterEvent>('GET', pathOf(id))).body, MORE, format, nameOf);
  });
  letters.command('retry').argument('[id]', 'of the event whose line is tried; default: all').description('try again; ends with 1 where something stays parked')
    .action(async (id: string | undefined, _flags: object, command: Command) => tried(contextOf(command), id === undefined ? '/v1/dead-letters/retry' : `${pathOf(id)}/retry`, {}));
  letters.command('skip').argument('<id>', 'of the event').description('leave one out for good and try what waits behind it').requiredOption('--reason <text>', 'kept beside it')
    .option('-y, --yes', 'do not ask').action(async (id: string, flags: SkipFlags, command: Command) => skip(contextOf(command), id, flags));
}

async function list({ client, format }: Context, { resource, type, skipped }: ListFlags): Promise<void> {
  const rows = await readAll<DeadLetter>(client, '/v1/dead-letters', { tenant: client.settings.tenant, resource, type, skipped: skipped ? 'true' : undefined });
  if (rows.length === 0 && format === 'table') process.stderr.write(skipped ? 'Nothing was skipped.\n' : 'No event is parked.\n');
  printRows(rows, COLUMNS, format, nameOf);
}

async function skip(context: Context, id: string, { reason, yes }: SkipFlags): Promise<void> {
  const { body: { type, resource, behind } } = await context.client.call<DeadLetterEvent>('GET', pathOf(id));
  const about = `The read models never hold what ${type} says of ${resource}; ${behind} that wait behind it are tried. That cannot be taken back.`;
  await askBefore(`${about} Continue?`, { yes, about });
  await tried(context, `${pathOf(id)}/skip`, { reason });
}

async function tried({ client, format }: Context, path: string, body: object): Promise<void> {
  const { body: done } = await client.call<DeadLettersTried>('POST', path, { body });
  printOne(done, [{ title: 'TAKEN IN', value: ({ takenIn }: DeadLettersTried) => String(takenIn) }, { title: 'STILL PARKED', value: ({ parked }: DeadLettersTried) => String(parked) }], format, () => 'dead-letters');
  if (done.parked > 0) throw new CliError(EXIT.failed, `${done.parked} are still parked.`, '`wami dead-letters` says why. A release that knows the event takes it in at its start.');
}
