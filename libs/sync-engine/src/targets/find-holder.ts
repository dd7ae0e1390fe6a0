import { restsSql } from '../bindings/rests';
import type { EngineDatabase } from '../database/engine-database';
import { nameAwaitedSql } from '../reconcile/outcome';
import type { Holder } from '../reconcile/stage';

const LONGEST_CHAIN = 100;

/** What the engine knows of another resource at the same target; undefined where it knows none. */
export async function findHolder(db: EngineDatabase, account: string, resource: string): Promise<Holder | undefined> {
  const bindings = db.bindings.name;
  const { rows: [holder] } = await db.pool.query<Holder>(
    `WITH RECURSIVE chain AS (
      SELECT ${nameAwaitedSql('waiting_for')} AS resource, 1 AS links FROM ${bindings} WHERE account = $1 AND resource = $2
      UNION ALL
      SELECT ${nameAwaitedSql('b.waiting_for')}, c.links + 1 FROM chain c JOIN ${bindings} b ON b.account = $1 AND b.resource = c.resource WHERE c.links < ${LONGEST_CHAIN})
    SELECT kind, tenant, (due_at IS NOT NULL OR paused_by IS NOT NULL OR claimed) AS restless, ${restsSql(bindings)} AS rests, paused_by IS NOT NULL AS paused, CASE WHEN state <> 'Gone' THEN presence->>'name' END AS name,
      ARRAY(SELECT resource FROM chain WHERE resource IS NOT NULL) AS "waitsFor"
    FROM ${bindings} WHERE account = $1 AND resource = $2`,
    [account, resource]);
  return holder;
}
