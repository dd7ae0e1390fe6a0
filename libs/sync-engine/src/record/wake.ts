import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import { MAY_GO } from '../bindings/may-go';
import { nameInMotion } from '../bindings/name-in-motion';
import type { EngineDatabase } from '../database/engine-database';
import { isOtherEnd } from '../kinds';
import { awaitedKey, awaitedOf } from '../reconcile/outcome';

/** Wakes who waits for one of these, and who began to wait for something that has come about meanwhile, but for those that a trigger holds. Resolves with their accounts. */
export async function wakeWaiting(client: PoolClient, db: EngineDatabase, rested: readonly Binding[], now: number): Promise<Set<string>> {
  const waiting = rested.filter(({ waitingFor, state }) => waitingFor !== null && state === 'Pending');
  return new Set([
    ...(await wake(client, db, rested.flatMap((binding) => keysOf(binding).map((key) => ({ account: binding.account, key }))), now)),
    ...(waiting.length > 0 ? await wakeLate(client, db, waiting, now) : []),
    ...(await wake(client, db, await namedMeanwhile(client, db, waiting), now)),
  ]);
}

/** All that may be waited for and is true of the binding now. */
function keysOf(binding: Binding): string[] {
  const { resource, presence, state, dueAt, pausedBy, kind } = binding;
  const gone = state === 'Gone';
  return [
    ...(presence !== null || gone ? [awaitedKey({ until: 'present', resource })] : []),
    ...(gone ? [awaitedKey({ until: 'gone', resource })] : []),
    ...(dueAt === null && pausedBy === null ? [awaitedKey({ until: 'settled', resource })] : []),
    ...(isOtherEnd(kind) && !nameInMotion(binding) ? [awaitedKey({ until: 'named', resource })] : []),
  ];
}

interface Key {
  readonly account: string;
  readonly key: string;
}

async function wake(client: PoolClient, db: EngineDatabase, keys: readonly Key[], now: number): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await client.query<{ account: string }>(prepared(`UPDATE ${db.bindings.name} b SET due_at = $3, generation = generation + 1, waiting_for = NULL
      WHERE waiting_for IS NOT NULL AND ${MAY_GO} AND (account, waiting_for) IN (SELECT * FROM unnest($1::text[], $2::text[])) RETURNING account`, [keys.map(({ account }) => account), keys.map(({ key }) => key), now]));
  return rows.map(({ account }) => account);
}

/**
 * What rests because it waits for a name itself has not come to rest; but of those who wait for each other in a circle, the last to begin
 * wakes the one before, who sees it.
 */
async function wakeLate(client: PoolClient, db: EngineDatabase, waiting: readonly Binding[], now: number): Promise<string[]> {
  const { rows } = await client.query<{ account: string }>(
    `UPDATE ${db.bindings.name} b SET due_at = $3, generation = b.generation + 1, waiting_for = NULL FROM ${db.bindings.name} d
     WHERE (b.account, b.resource) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND ${MAY_GO} AND d.account = b.account
       AND d.resource = substr(b.waiting_for, strpos(b.waiting_for, ':') + 1)
       AND ((b.waiting_for LIKE 'present:%' AND d.wanted AND NOT d.deleted AND d.presence IS NOT NULL)
         OR (b.waiting_for LIKE 'settled:%' AND d.due_at IS NULL AND d.paused_by IS NULL AND NOT d.claimed AND coalesce(d.waiting_for NOT LIKE 'settled:%', true))) RETURNING b.account`,
    [waiting.map(({ account }) => account), waiting.map(({ resource }) => resource), now]);
  return rows.map(({ account }) => account);
}

async function namedMeanwhile(client: PoolClient, db: EngineDatabase, waiting: readonly Binding[]): Promise<Key[]> {
  const ends = waiting.flatMap(({ account, waitingFor }) => {
    const awaited = awaitedOf(waitingFor ?? '');
    return awaited.until === 'named' ? [{ account, resource: awaited.resource }] : [];
  });
  if (ends.length === 0) return [];
  const now = await db.bindings.read(client, ends);
  return now.filter((end) => !nameInMotion(end)).map(({ account, resource }) => ({ account, key: awaitedKey({ until: 'named', resource }) }));
}
