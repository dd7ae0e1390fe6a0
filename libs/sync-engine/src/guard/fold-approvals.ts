import type { RecordedApprovalEvent, RecordedEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { APPROVED_MS, released } from './approval-list';
import { lockApprovals, saveApproval } from './guard-table';

type Decision = Extract<RecordedApprovalEvent, { type: 'wami.approval.approved.v1' | 'wami.approval.rejected.v1' }>;
const isDecision = (event: RecordedEvent): event is Decision => event.type === 'wami.approval.approved.v1' || event.type === 'wami.approval.rejected.v1';

/** What was decided about lists, and what may fit anew because settings changed. To be called after bindings are locked, as claims do. */
export async function foldApprovals(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<void> {
  for (const event of events.filter(isDecision).filter(({ data }) => data.provider === db.provider)) await decide(client, db, event, now);
  if (events.some(({ type }) => type === 'wami.tenant.sync-configured.v2')) await client.query(`UPDATE ${db.table('approvals')} SET look_at = $1 WHERE state = 'open'`, [now]);
}

async function decide(client: PoolClient, db: EngineDatabase, event: Decision, now: number): Promise<void> {
  const [row] = await lockApprovals(client, db, "id = $1 AND state IN ('open', 'rejected')", [event.stream]);
  if (!row) return;
  if (event.type === 'wami.approval.rejected.v1') {
    await client.query(`UPDATE ${db.table('held_removals')} SET decided = true WHERE approval = $1`, [row.id]);
    return saveApproval(client, db, { ...row, state: 'rejected' });
  }
  const parts = row.hashes.indexOf(event.data.hash) + 1;
  if (parts === 0) return;
  // Just what stands in the list that was approved, at this target, and not for ever.
  const { rowCount } = await client.query(`UPDATE ${db.table('held_removals')} SET decided = true WHERE approval = $1 AND part <= $2`, [row.id, parts]);
  await client.query(`INSERT INTO ${db.table('removal_permits')} (resource, take, account, until)
    SELECT resource, unnest(takes), account, $3 FROM ${db.table('held_removals')} WHERE approval = $1 AND part <= $2
    ON CONFLICT (resource, take, account) DO UPDATE SET until = excluded.until`, [row.id, parts, now + APPROVED_MS]);
  const over = released(db.provider, { ...row, cause: causedBy(event) }, 'approved', rowCount ?? 0);
  await db.write(client, [], [over.append]);
  await saveApproval(client, db, over.row);
}
