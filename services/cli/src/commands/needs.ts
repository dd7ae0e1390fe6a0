import type { ApprovalView, DeadLetter, DriftItem, PauseView, ProviderTargetView } from '@wami/contracts';
import type { Client } from '../api/client';
import type { Page } from '../api/references';
import { sentenceOf } from './provider-targets';
import type { WhoAmI } from './whoami';

/** Of each list so many are looked at. */
const MOST = 100;
/** Less is what reading takes. */
const BEHIND_SECONDS = 5;

/** What waits for somebody beside what states say: a sentence each, with the command that shows it. */
export async function needsOf(client: Client, lagSeconds: number): Promise<readonly string[]> {
  const list = async <T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly T[]> => (await client.call<Page<T>>('GET', path, { query: { ...query, tenant: client.settings.tenant, limit: MOST } })).body.items;
  const { body: { role, tenant } } = await client.call<WhoAmI>('GET', '/v1/whoami');
  const [targets, drift, approvals, pauses, parked] = await Promise.all([
    list<ProviderTargetView>('/v1/providers'), list<DriftItem>('/v1/drift', { state: 'open' }), list<ApprovalView>('/v1/approvals', { state: 'open' }), list<PauseView>('/v1/pauses'),
    // There are none for a tenant's own.
    role === 'admin' && tenant === '' ? list<DeadLetter>('/v1/dead-letters') : [],
  ]);
  const held = approvals.reduce((sum, one) => sum + one.held, 0);
  return [
    ...targets.flatMap((target) => sentenceOf(target) ?? []), ...(targets.some((target) => sentenceOf(target) !== undefined) ? ['  See wami provider list.'] : []),
    ...told(new Set(parked.map(({ event }) => event)).size, 'event was not taken in', 'events were not taken in', 'wami dead-letters'),
    ...told(drift.length, 'resource was changed in a cloud and is not put right', 'resources were changed in a cloud and are not put right', 'wami drift --state open'),
    ...told(held, 'removal waits for approval', 'removals wait for approval', 'wami sync approvals --state open'),
    ...told(pauses.length, 'pause holds something back', 'pauses hold something back', 'wami sync pauses'),
    ...(lagSeconds > BEHIND_SECONDS ? [`✗ What you see is ${Math.round(lagSeconds)} s old: wami projection status`] : []),
  ];
}

function told(count: number, one: string, many: string, line: string): string[] {
  return count === 0 ? [] : [`✗ ${count}${count >= MOST ? ' or more' : ''} ${count === 1 ? one : many}: ${line}`];
}
