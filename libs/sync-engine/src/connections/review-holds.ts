import { OBSERVE_ONLY, type ConnectionHold } from '../bindings/binding';
import { MAY_GO } from '../bindings/may-go';
import type { EngineDatabase } from '../database/engine-database';
import type { NoConnection } from '../reconcile/open';
import type { Scene } from '../reconcile/pass';

/** Makes due what a change of the connections lets go on, or stops, but for what a trigger holds. Resolves with whether there was any. */
export async function reviewHolds(db: EngineDatabase, account: string, sceneFor: (tenant: string) => Scene | NoConnection, now: number): Promise<boolean> {
  const inScope = `b.account = $1 AND (b.wanted OR (b.deleted AND b.presence IS NOT NULL)) AND b.state NOT IN ('Gone', 'None') AND ${MAY_GO}`;
  const { rows } = await db.pool.query<{ tenant: string; hold: ConnectionHold | null }>(
    `SELECT DISTINCT b.tenant, b.connection_hold AS hold FROM ${db.bindings.name} b WHERE ${inScope}`, [account]);
  const stale = rows.filter(({ tenant, hold }) => isStale(hold, sceneFor(tenant)));
  if (stale.length === 0) return false;
  await db.transaction((client) => client.query(
    `UPDATE ${db.bindings.name} b SET due_at = $2, lane = CASE WHEN b.due_at IS NULL THEN 1 ELSE b.lane END, generation = b.generation + 1 FROM unnest($3::text[], $4::text[]) AS s (tenant, hold)
     WHERE ${inScope} AND b.tenant = s.tenant AND b.connection_hold IS NOT DISTINCT FROM s.hold`,
    [account, now, stale.map(({ tenant }) => tenant), stale.map(({ hold }) => hold)]));
  return true;
}

function isStale(hold: ConnectionHold | null, scene: Scene | NoConnection): boolean {
  if ('missing' in scene) return hold !== scene.missing;
  // What agrees already needs no writing, so a connection that may only look holds up nothing of it.
  return hold !== null && !(hold === OBSERVE_ONLY && scene.connection.mode === 'observe');
}
