import type { EngineDatabase } from '../database/engine-database';
import type { Holder } from '../reconcile/stage';

/** What the engine knows of another resource at the same target; undefined where it knows none. */
export async function findHolder(db: EngineDatabase, account: string, resource: string): Promise<Holder | undefined> {
  const { rows: [holder] } = await db.pool.query<Holder>(
    `SELECT kind, tenant, (due_at IS NOT NULL OR claimed) AS restless FROM ${db.bindings.name} WHERE account = $1 AND resource = $2 AND state <> 'Gone'`,
    [account, resource]);
  return holder;
}
