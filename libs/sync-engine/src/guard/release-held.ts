import type { PoolClient } from 'pg';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import { due } from '../fold/evaluate';
import { changeOf } from '../fold/reconsider';
import { loadResources } from '../fold/resource';
import { loadSettings } from '../fold/settings';
import { LOOK_EACH_MS, released } from './approval-list';
import { WINDOW_MS } from './budget';
import { budgetsOf, isOver } from './budgets';
import { forgetHeld, lockApprovals, saveApproval, type ApprovalRow } from './guard-table';

/** Few enough that whoever has work now does not wait long for its turn at the database. */
const CHUNK = 200;

/**
 * Makes due again the next of what waited for a list that was decided, and looks at the next open one whose time has come. A crash resumes
 * where the last chunk ended. Resolves with the accounts that have work now, or undefined where nothing is left to do.
 */
export function releaseHeld(db: EngineDatabase, clock: () => number, tell: (lists: number) => void): Promise<Set<string> | undefined> {
  return db.transaction(async (client) => {
    const now = clock();
    const [over] = await nextOf(client, db, "a.state = 'releasing'", []);
    if (over) return releaseChunk(client, db, over, now);
    const [next] = await nextOf(client, db, "a.state = 'open' AND a.look_at <= $1", [now]);
    if (!next) return rest(client, db, now, tell);
    await look(client, db, next, now);
    return new Set<string>();
  });
}

function nextOf(client: PoolClient, db: EngineDatabase, where: string, values: readonly unknown[]): Promise<ApprovalRow[]> {
  return lockApprovals(client, db, `id = (SELECT a.id FROM ${db.table('approvals')} a WHERE ${where} ORDER BY a.look_at, a.id LIMIT 1)`, values);
}

async function releaseChunk(client: PoolClient, db: EngineDatabase, { id, account, cause }: ApprovalRow, now: number): Promise<Set<string>> {
  const { rows } = await client.query<{ resource: string }>(
    `UPDATE ${db.table('held_removals')} SET released = true WHERE approval = $1 AND resource IN
       (SELECT resource FROM ${db.table('held_removals')} WHERE approval = $1 AND NOT released ORDER BY resource LIMIT ${CHUNK}) RETURNING resource`, [id]);
  if (rows.length === 0) {
    await client.query(`DELETE FROM ${db.table('approvals')} WHERE id = $1`, [id]);
    return new Set();
  }
  const bindings = await db.bindings.lockKeys(client, rows.map(({ resource }) => ({ account, resource })));
  const living = bindings.filter(({ state }) => state !== 'Gone');
  const resources = await loadResources(client, db, living.map(({ resource }) => resource));
  await db.write(client, living.map((binding): BindingChange =>
    changeOf(db.provider, { binding: { ...due(binding, { lane: binding.lane, cause, now }).binding, held: binding.held }, requested: true }, resources.get(binding.resource) ?? { version: 0 })));
  const alive = new Set(living.map(({ resource }) => resource));
  await forgetHeld(client, db, account, rows.map(({ resource }) => resource).filter((resource) => !alive.has(resource)));
  return new Set([account]);
}

/** Whether the whole list is allowed by now; one that nobody decided about in time is asked for anew. */
async function look(client: PoolClient, db: EngineDatabase, row: ApprovalRow, now: number): Promise<void> {
  const { account, tenant } = row;
  const guard = (await loadSettings(client, db, [tenant])).of(tenant)?.config.guard;
  const expired = row.expiresAt <= now;
  const fits = guard !== undefined && !(await budgetsOf(client, db, { account, tenant, guard, now, asking: new Map() })).some(isOver);
  if (!expired && !fits) return saveApproval(client, db, { ...row, lookAt: now + LOOK_EACH_MS });
  if (fits) await client.query(`UPDATE ${db.table('held_removals')} SET decided = true WHERE approval = $1`, [row.id]);
  const over = released(db.provider, row, fits ? 'within-budget' : 'expired', 0);
  await db.write(client, [], [over.append]);
  await saveApproval(client, db, over.row);
}

/** Forgets what counts no more, and tells how many lists wait. */
async function rest(client: PoolClient, db: EngineDatabase, now: number, tell: (lists: number) => void): Promise<undefined> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${db.table('approvals')} WHERE state = 'open'`);
  tell(row?.count ?? 0);
  await client.query(`DELETE FROM ${db.table('removals')} WHERE at <= $1`, [now - WINDOW_MS]);
  await client.query(`DELETE FROM ${db.table('removal_permits')} WHERE until <= $1`, [now]);
  await client.query(`DELETE FROM ${db.table('removal_hands')} WHERE until <= $1`, [now]);
}
