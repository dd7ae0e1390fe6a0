import type { SyncMap, SyncState, SyncStateName } from '@wami/contracts';
import type { Command } from 'commander';
import { STRONG } from '../api/client';
import { idOrArn, type Page } from '../api/references';
import { exitCodeOf, statesOf } from '../api/wait';
import { EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { printStates, reportHints, stateWord } from '../output/sync-states';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';
import { needsOf } from './needs';
import { watch, type View } from './watch';

interface Count { readonly provider: string; readonly account: string; readonly kind: string; readonly state: SyncStateName; readonly count: number }
interface Summary { readonly counts: readonly Count[]; readonly oldestPendingAt?: string; readonly lagSeconds: number }

const COUNTS: readonly Column<Count>[] = [
  { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` }, { title: 'KIND', value: ({ kind }) => kind },
  { title: 'STATE', value: ({ state }) => stateWord(state) }, { title: 'COUNT', value: ({ count }) => String(count) },
];
const NOT_AGREEING = ['Failed', 'Skipped', 'Pending', 'Syncing'] as const;

export function addStatus(program: Command): void {
  program.command('status').argument('[resource]', 'KIND/NAME such as user/ann or service-account/deployer, an id or an ARN; without it: everything').option('--watch', 'again at each change, until Ctrl-C')
    .description('does everything agree, and if not, why')
    .addHelpText('before', 'Examples:\n  wami status\n  wami status user/ann --watch\n')
    .action(async (ref: string | undefined, flags: { watch?: boolean }, command: Command) => {
      const context = contextOf(command);
      const id = ref === undefined ? undefined : await idOrArn(context.client, ref);
      const look = (): Promise<View> => (id === undefined ? everything(context) : oneResource(context, id));
      if (flags.watch) return watch(look);
      const view = await look();
      view.print();
      process.exitCode = view.exitCode;
    });
}

async function oneResource({ client, format }: Context, id: string): Promise<View> {
  const { body } = await client.call<SyncMap>('GET', `/v1/resources/${encodeURIComponent(id)}/sync`, { headers: STRONG });
  const states = statesOf(body);
  const exitCode = exitCodeOf(states);
  return {
    content: states, exitCode: exitCode === EXIT.waitRanOut ? EXIT.done : exitCode,
    print() {
      printStates(states, format);
      if (states.length === 0) process.stderr.write('No target is asked for.\n');
      if (format === 'table') reportHints(states);
    },
  };
}

async function everything({ client, format }: Context): Promise<View> {
  const tenant = client.settings.tenant;
  const { body: summary } = await client.call<Summary>('GET', '/v1/sync-summary', { query: { tenant } });
  const states: SyncState[] = [];
  for (const state of format === 'table' ? NOT_AGREEING : []) {
    states.push(...(await client.call<Page<SyncState>>('GET', '/v1/sync-states', { query: { tenant, state, limit: 20, include: 'name' } })).body.items);
  }
  const needs = format === 'table' ? await needsOf(client, summary.lagSeconds) : [];
  const exitCode = summary.counts.some(({ state, count }) => count > 0 && (state === 'Failed' || state === 'Skipped')) ? EXIT.notAllSynced : EXIT.done;
  return {
    content: [summary.counts, states, needs], exitCode,
    print: () => (format === 'table' ? printOverview(summary, states, needs) : printOne(summary, [], format, () => 'summary')),
  };
}

function printOverview(summary: Summary, states: readonly SyncState[], needs: readonly string[]): void {
  printRows(summary.counts, COUNTS, 'table', ({ state }) => state);
  if (summary.counts.length === 0) process.stderr.write('Nothing is synced yet. `wami user create ann --wait` makes a first user.\n');
  if (summary.oldestPendingAt !== undefined) process.stderr.write(`Oldest pending: ${ago(summary.oldestPendingAt)}.\n`);
  if (states.length > 0) {
    process.stdout.write('\n');
    printStates(states, 'table');
    reportHints(states);
  }
  for (const line of needs) process.stderr.write(`${line}\n`);
}
