import type { SyncMap, SyncState, SyncStateName } from '@wami/contracts';
import { statesOf } from '../api/wait';
import { colours } from './colour';
import { printRows, type Column, type Format } from './format';
import { ago } from './time';

const SYMBOL: Readonly<Record<SyncStateName, string>> = { Synced: '✓', Failed: '✗', Pending: '…', Syncing: '…', Skipped: '-', NotConfigured: '-' };
const PAINT: Readonly<Record<SyncStateName, (text: string) => string>> = {
  Synced: colours.green, Failed: colours.red, Pending: colours.yellow, Syncing: colours.yellow, Skipped: colours.dim, NotConfigured: colours.dim,
};

/** Symbol and word, coloured only where a terminal wants it. */
export function stateWord(state: SyncStateName): string {
  return PAINT[state](`${SYMBOL[state]} ${state}`);
}

export function whyOf(state: SyncState): string {
  switch (state.state) {
    case 'Failed': return `${state.error.code}: ${state.error.message}${state.nextRetryAt === undefined ? '' : ` (next try ${state.nextRetryAt})`}`;
    case 'Pending': case 'Skipped': case 'NotConfigured': return state.reason ?? '';
    case 'Syncing': return `attempt ${state.attempt}`;
    case 'Synced': return state.nativeArn;
  }
}

const STATES: readonly Column<SyncState>[] = [
  { title: 'RESOURCE', value: ({ resource }) => resource }, { title: 'TARGET', value: ({ provider, account }) => `${provider}/${account}` },
  { title: 'STATE', value: ({ state }) => stateWord(state) }, { title: 'SINCE', value: ({ updatedAt }) => ago(updatedAt) }, { title: 'WHY', value: whyOf },
];

const NAME: Column<SyncState> = { title: 'NAME', value: ({ kind, name }) => (name === undefined ? '' : `${kind}/${name}`) };

/** On stdout; with names where they are told. */
export function printStates(states: readonly SyncState[], format: Format): void {
  const columns = states.some(({ name }) => name !== undefined) ? [NAME, ...STATES] : STATES;
  printRows(states, columns, format, ({ kind, resource, provider, account }) => `${kind}/${resource}@${provider}/${account}`);
}

const MOST_HINTS = 3;

/** What makes it go, said once however many states it is about, and where to read more. */
export function reportHints(states: readonly SyncState[]): void {
  const open = states.filter(({ state }) => state !== 'Synced' && state !== 'Syncing');
  const hints = new Set(open.flatMap((state) => ('hint' in state ? state.hint ?? [] : [])));
  for (const hint of [...hints].slice(0, MOST_HINTS)) process.stderr.write(`  ${colours.dim('→')} ${hint}\n`);
  const worst = open.find(({ state }) => state === 'Failed' || state === 'Skipped') ?? open[0];
  if (worst) process.stderr.write(`  Why: wami sync explain ${worst.resource}\n`);
}

/** A line a target, on stderr. */
export function reportStates(map: SyncMap, startedAt: number, deleted = false): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const states = statesOf(map);
  if (states.length === 0) process.stderr.write(`${colours.green('✓')} ${deleted ? 'No target holds it any more.' : 'No target is asked for, so nothing is synced: see wami tenant sync-config --help.'}  (${seconds} s)\n`);
  for (const state of states) {
    const why = whyOf(state);
    process.stderr.write(`${stateWord(state.state)}  ${state.provider}/${state.account}  (${seconds} s)${why === '' ? '' : `  ${why}`}\n`);
  }
  reportHints(states);
}
