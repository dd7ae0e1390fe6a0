import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import { awaitedKey } from '../reconcile/outcome';

/**
 * Wakes who waits for one of these, and who began to wait for something that has come to rest meanwhile. What rests because it waits for
 * a name itself has not come to rest; but of those who wait for each other in a circle, the last to begin wakes the one before, who sees it.
 */
export async function wakeWaiting(client: PoolClient, db: EngineDatabase, rested: readonly Binding[], now: number): Promise<Set<string>> {
  const keys = rested.flatMap(({ account, resource, presence, state, dueAt }) => [
    ...(presence !== null || state === 'Gone' ? [{ account, key: awaitedKey({ until: 'present', resource }) }] : []),
    ...(state === 'Gone' ? [{ account, key: awaitedKey({ until: 'gone', resource }) }] : []),
    ...(dueAt === null ? [{ account, key: awaitedKey({ until: 'settled', resource }) }] : []),
  ]);
  const waiting = rested.filter(({ waitingFor, state }) => waitingFor !== null && state === 'Pending');
  const woken = new Set<string>();
  const note = (rows: readonly { account: string }[]): void => rows.forEach(({ account }) => woken.add(account));
  if (keys.length > 0) {
    const { rows } = await client.query<{ account: string }>({
      name: `${db.schema} wake`,
      text: `UPDATE ${db.bindings.name} b SET due_at = $3, generation = generation + 1, waiting_for = NULL
        WHERE waiting_for IS NOT NULL AND (account, waiting_for) IN (SELECT * FROM unnest($1::text[], $2::text[])) RETURNING account`,
      values: [keys.map(({ account }) => account), keys.map(({ key }) => key), now],
    });
    note(rows);
  }
  if (waiting.length > 0) note((await client.query<{ account: string }>(
    `UPDATE ${db.bindings.name} b SET due_at = $3, generation = b.generation + 1, waiting_for = NULL FROM ${db.bindings.name} d
     WHERE (b.account, b.resource) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND d.account = b.account
       AND d.resource = substr(b.waiting_for, strpos(b.waiting_for, ':') + 1)
       AND ((b.waiting_for LIKE 'present:%' AND d.wanted AND NOT d.deleted AND d.presence IS NOT NULL)
         OR (b.waiting_for LIKE 'settled:%' AND d.due_at IS NULL AND NOT d.claimed AND coalesce(d.waiting_for NOT LIKE 'settled:%', true))) RETURNING b.account`,
    [waiting.map(({ account }) => account), waiting.map(({ resource }) => resource), now])).rows);
  return woken;
}
