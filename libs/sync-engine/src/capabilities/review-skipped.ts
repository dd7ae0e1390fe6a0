import type { KindCapability } from '@wami/provider-port';
import { MAY_GO } from '../bindings/may-go';
import type { EngineDatabase } from '../database/engine-database';
import { digest } from '../plans/fingerprint';

/** Bindings that are made due by one statement. */
const PAGE = 1_000;

/**
 * What was skipped is looked at once more where the adapter can hold something else than when the engine was started last: another release of it may hold
 * what was left out. Begun anew where a process dies on the way.
 */
export async function reviewSkipped(db: EngineDatabase, capabilities: readonly KindCapability[], now: number): Promise<void> {
  const present = digest(capabilities);
  const { rows: [known] } = await db.pool.query<{ digest: string }>(`SELECT digest FROM ${db.table('capabilities')}`);
  if (known?.digest === present) return;
  for (let after: string | undefined = ''; after !== undefined;) after = await makeDue(db, after, now);
  await db.transaction(async (client) => {
    await client.query(`DELETE FROM ${db.table('capabilities')}`);
    await client.query(`INSERT INTO ${db.table('capabilities')} (digest) VALUES ($1)`, [present]);
  });
}

/** The last resource that was looked through; undefined where no other comes after it. */
async function makeDue(db: EngineDatabase, after: string, now: number): Promise<string | undefined> {
  const { rows: [page] } = await db.pool.query<{ last: string | null }>(
    `WITH page AS (SELECT DISTINCT resource FROM ${db.bindings.name} WHERE state = 'Skipped' AND resource > $1 ORDER BY resource LIMIT ${PAGE}),
      due AS (UPDATE ${db.bindings.name} b SET due_at = $2, lane = CASE WHEN b.due_at IS NULL THEN 1 ELSE b.lane END, generation = b.generation + 1
        WHERE b.resource IN (SELECT resource FROM page) AND b.state = 'Skipped' AND b.connection_hold IS NULL AND ${MAY_GO})
    SELECT max(resource) AS last FROM page`, [after, now]);
  return page?.last ?? undefined;
}
