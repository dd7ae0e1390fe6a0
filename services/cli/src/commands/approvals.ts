import type { ApprovalDecision, ApprovalItem, ApprovalState, ApprovalView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG } from '../api/client';
import { readAll } from '../api/pages';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';

const EXAMPLES = `
Examples:
  wami sync approvals --state open                          what guards hold, and how much is allowed
  wami sync approve apr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y          shows the whole list, asks, lets just that go
  wami sync approve apr_01JD... --hash kZx0V9c2m1nq7sTg4hYb3w --yes    the list that was looked at before, in a script
  wami sync reject apr_01JD...                              keep all of it held

More deletions and removals of access than the tenant's guard allows are held, all of them. See docs/guard.md.`;

const COLUMNS: readonly Column<ApprovalView>[] = [
  { title: 'APPROVAL', value: ({ id }) => id }, { title: 'TENANT', value: ({ tenant }) => tenant }, { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'STATE', value: ({ state }) => state }, { title: 'HELD', value: ({ held }) => String(held) },
  { title: 'ALLOWED', value: ({ budgets }) => budgets.map(({ kind, allowed, taken }) => `${kind} ${allowed}${taken === 0 ? '' : ` (${taken} taken)`}`).join(', ') },
  { title: 'SINCE', value: ({ askedAt }) => ago(askedAt) }, { title: 'UNTIL', value: ({ expiresAt }) => expiresAt.slice(0, 16).replace('T', ' ') },
];
const ITEMS: readonly Column<ApprovalItem>[] = [
  { title: 'KIND', value: ({ kind }) => kind }, { title: 'RESOURCE', value: ({ name, resource }) => name ?? resource }, { title: 'ID', value: ({ resource }) => resource },
  { title: 'LOSES', value: ({ removes, more }) => (removes[0] === 'thing' ? 'everything: it is deleted' : `${removes.join(' ')}${more === 0 ? '' : ` and ${more} more`}`) },
];
const nameOf = ({ id }: { readonly id: string }): string => `approval/${id}`;
/** Named here: the schemas would make every command start later. */
const STATES: Readonly<Record<ApprovalState, true>> = { open: true, approved: true, rejected: true, released: true, expired: true };

/** `approvals`, `approve` and `reject`. */
export function addApprovalCommands(sync: Command): void {
  sync.command('approvals').argument('[id]', 'show the whole list of this one').description('removals that guards hold until somebody approves them')
    .addOption(new Option('--state <state>', 'only these').choices(Object.keys(STATES))).addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, { state }: { state?: string }, command: Command) => list(contextOf(command), id, state));
  sync.command('approve').argument('<id>').description('let just the list go that is shown').option('--hash <hash>', 'the list as it was when it had this hash').option('-y, --yes', 'do not ask')
    .addHelpText('after', EXAMPLES).action(async (id: string, flags: { hash?: string; yes?: boolean }, command: Command) => approve(contextOf(command), id, flags));
  sync.command('reject').argument('<id>').description('keep all of it held').addHelpText('after', EXAMPLES)
    .action(async (id: string, _flags: object, command: Command) => {
      const { client, format } = contextOf(command);
      printDecision((await client.call<ApprovalDecision>('POST', `/v1/approvals/${encodeURIComponent(id)}/reject`, { body: {} })).body, format);
    });
}

async function list({ client, format }: Context, id: string | undefined, state: string | undefined): Promise<void> {
  if (id !== undefined) return printRows(await readAll<ApprovalItem>(client, `/v1/approvals/${encodeURIComponent(id)}/items`, {}, STRONG), ITEMS, format, ({ resource }) => resource);
  const approvals = await readAll<ApprovalView>(client, '/v1/approvals', { tenant: client.settings.tenant, state }, STRONG);
  if (approvals.length === 0 && format === 'table') process.stderr.write('No guard holds anything.\n');
  printRows(approvals, COLUMNS, format, nameOf);
}

async function approve({ client, format }: Context, id: string, { hash, yes }: { readonly hash?: string; readonly yes?: boolean }): Promise<void> {
  const path = `/v1/approvals/${encodeURIComponent(id)}`;
  const { body: approval } = await client.call<ApprovalView>('GET', path, { headers: STRONG });
  if (hash !== undefined && !yes && hash !== approval.hash) throw new CliError(EXIT.guarded, 'The list is not what it was.', `Look at it again: wami sync approvals ${id}`);
  const about = `This takes away ${approval.held} of ${approval.tenant} at ${approval.provider}/${approval.account}.`;
  if (!yes) {
    if (format === 'table') for (const item of await readAll<ApprovalItem>(client, `${path}/items`, {}, STRONG)) process.stderr.write(`  ${ITEMS.map(({ value }) => value(item)).join('  ')}\n`);
    await askBefore(`${about} Continue?`, { yes, about });
  }
  printDecision((await client.call<ApprovalDecision>('POST', `${path}/approve`, { body: { hash: hash ?? approval.hash } })).body, format);
}

function printDecision(decision: ApprovalDecision, format: Context['format']): void {
  printOne(decision, [{ title: 'APPROVAL', value: ({ id }: ApprovalDecision) => id }, { title: 'STATE', value: ({ state }: ApprovalDecision) => state }], format, nameOf);
}
