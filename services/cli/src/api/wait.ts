import type { SyncMap, SyncState, SyncStateName } from '@wami/contracts';
import { EXIT } from '../exit-codes';
import type { Client } from './client';

const POLL_SECONDS = 20;

export function statesOf(map: SyncMap | undefined): SyncState[] {
  return Object.values(map ?? {}).flatMap((accounts) => Object.values(accounts));
}

/** As the contracts say. Their schemas are not loaded for it: that would double the time every command takes to start. */
const SETTLED: Readonly<Record<SyncStateName, boolean>> = { Synced: true, Failed: true, Skipped: true, NotConfigured: true, Pending: false, Syncing: false };

/** What a pause holds is not waited for: nobody knows when it goes on. */
function isSettled(state: SyncState): boolean {
  if (state.state === 'Pending') return state.pausedBy !== undefined || state.approval !== undefined;
  return SETTLED[state.state] && !(state.state === 'Failed' && state.nextRetryAt !== undefined);
}

/** Waits until every target has settled, or the time is up; what is known then comes back. */
export async function waitUntilSettled(client: Client, id: string, known: SyncMap | undefined, deadline: number, after?: string): Promise<SyncMap> {
  let map = known;
  while (map === undefined || !statesOf(map).every(isSettled)) {
    const left = Math.ceil((deadline - Date.now()) / 1000);
    if (left <= 0) break;
    const wait = Math.min(left, POLL_SECONDS);
    const answer = await client.call<SyncMap>('GET', `/v1/resources/${encodeURIComponent(id)}/sync`, {
      query: { settled: 'true', wait }, timeoutMs: (wait + 15) * 1000, headers: after === undefined ? {} : { 'wami-after': after },
    });
    map = answer.body;
  }
  return map ?? {};
}

export function exitCodeOf(states: readonly SyncState[]): number {
  if (!states.every(isSettled)) return EXIT.waitRanOut;
  return states.every(({ state }) => state === 'Synced') ? EXIT.done : EXIT.notAllSynced;
}
