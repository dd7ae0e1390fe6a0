import type { SyncMap, SyncState, SyncStateName } from '@wami/contracts';
import pc from 'picocolors';
import { statesOf } from '../api/wait';

const SYMBOL: Readonly<Record<SyncStateName, string>> = { Synced: '✓', Failed: '✗', Pending: '…', Syncing: '…', Skipped: '-', NotConfigured: '-' };
const PAINT: Readonly<Record<SyncStateName, (text: string) => string>> = {
  Synced: pc.green, Failed: pc.red, Pending: pc.yellow, Syncing: pc.yellow, Skipped: pc.dim, NotConfigured: pc.dim,
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

/** A line a target, on stderr. */
export function reportStates(map: SyncMap, startedAt: number): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const states = statesOf(map);
  if (states.length === 0) process.stderr.write(`No target holds it. (${seconds} s)\n`);
  for (const state of states) {
    const why = whyOf(state);
    process.stderr.write(`${stateWord(state.state)}  ${state.provider}/${state.account}  (${seconds} s)${why === '' ? '' : `  ${why}`}\n`);
  }
}
