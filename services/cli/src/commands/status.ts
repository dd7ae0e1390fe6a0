import type { SyncMap, SyncState, SyncStateName } from '@wami/contracts';
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveReference, type Page } from '../api/references';
import { exitCodeOf, statesOf } from '../api/wait';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { stateWord, whyOf } from '../output/sync-states';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';

interface Count { readonly provider: string; readonly account: string; readonly kind: string; readonly state: SyncStateName; readonly count: number }
interface Summary { readonly counts: readonly Count[]; readonly oldestPendingAt?: string; readonly lagSeconds: number }

const COUNTS: readonly Column<Count>[] = [
  { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` }, { title: 'KIND', value: ({ kind }) => kind },
  { title: 'STATE', value: ({ state }) => stateWord(state) }, { title: 'COUNT', value: ({ count }) => String(count) },
];
const STATES: readonly Column<SyncState>[] = [
  { title: 'RESOURCE', value: ({ kind, resource }) => `${kind}/${resource}` }, { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'STATE', value: ({ state }) => stateWord(state) }, { title: 'SINCE', value: ({ updatedAt }) => ago(updatedAt) }, { title: 'WHY', value: whyOf },
];
const stateName = ({ kind, resource, provider, account }: SyncState): string => `${kind}/${resource}@${provider}/${account}`;
const WATCH_MS = 1000;
const NOT_AGREEING = ['Failed', 'Skipped', 'Pending', 'Syncing'] as const;

export function addStatus(program: Command): void {
  program.command('status').argument('[resource]', 'user/NAME, group/NAME or an id; without it: everything').option('--watch', 'again each second, until Ctrl-C')
    .description('does everything agree, and if not, why').action(async (ref: string | undefined, flags: { watch?: boolean }, command: Command) => {
      const context = contextOf(command);
      const id = ref === undefined ? undefined : await parseResource(context, ref);
      for (;;) {
        if (flags.watch && process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
        await (id === undefined ? showAll(context) : showOne(context, id));
        if (!flags.watch) return;
        await sleep(WATCH_MS);
      }
    });
}

async function parseResource({ client }: Context, ref: string): Promise<string> {
  const [kind, name] = ref.includes('/') && !ref.startsWith('arn:') ? ref.split('/', 2) : [undefined, ref];
  if (kind === undefined) return ref;
  if (kind !== 'user' && kind !== 'group') throw new CliError(EXIT.usage, `${ref}: no such kind.`, 'Write user/NAME or group/NAME.');
  return resolveReference(client, kind, name ?? '');
}

async function showOne({ client, format }: Context, id: string): Promise<void> {
  const { body } = await client.call<SyncMap>('GET', `/v1/resources/${encodeURIComponent(id)}/sync`, { headers: { 'wami-consistency': 'strong' } });
  printRows(statesOf(body), STATES, format, stateName);
  if (statesOf(body).length === 0) process.stderr.write('No target is asked for.\n');
  process.exitCode = exitCodeOf(body) === EXIT.waitRanOut ? EXIT.done : exitCodeOf(body);
}

async function showAll({ client, format }: Context): Promise<void> {
  const tenant = client.settings.tenant;
  const { body: summary } = await client.call<Summary>('GET', '/v1/sync-summary', { query: { tenant } });
  if (format !== 'table') return printOne(summary, [], format, () => 'summary');
  printRows(summary.counts, COUNTS, format, ({ state }) => state);
  if (summary.counts.length === 0) process.stderr.write('Nothing is synced yet. `wami user create ann --wait` makes a first user.\n');
  if (summary.oldestPendingAt !== undefined) process.stderr.write(`Oldest pending: ${ago(summary.oldestPendingAt)}.\n`);
  const states: SyncState[] = [];
  for (const state of NOT_AGREEING) {
    states.push(...(await client.call<Page<SyncState>>('GET', '/v1/sync-states', { query: { tenant, state, limit: 20 } })).body.items);
  }
  if (states.length === 0) return;
  process.stdout.write('\n');
  printRows(states, STATES, format, stateName);
}
