import { APPROVAL_EVENTS, SYNC_APPROVAL_EVENTS, type RecordedApprovalEvent, type RecordedSyncApprovalEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { APPROVAL_ITEMS, APPROVALS, type ApprovalItemRow, type ApprovalRow } from './approvals.table';

type Heard = (RecordedApprovalEvent | RecordedSyncApprovalEvent) & Ingested;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const heard = events as readonly Heard[];
  const approvals = new Map((await rows.find(APPROVALS, 'id', [...new Set(heard.map(({ key }) => key))])).map((row) => [row.id, row]));
  const items = new Map<string, ApprovalItemRow>();
  for (const event of heard) {
    approvals.set(event.key, evolve(approvals.get(event.key) ?? unheardOf(event), event));
    if (event.type === 'wami.sync.guard-tripped.v1') for (const item of itemsOf(event)) items.set(keyOf(APPROVAL_ITEMS, item), item);
  }
  await rows.put(APPROVALS, [...approvals.values()]);
  await rows.put(APPROVAL_ITEMS, [...items.values()]);
}

function unheardOf({ key, tenant, subject }: Heard): ApprovalRow {
  return {
    id: key, tenant, arn: subject, provider: '', account: '', held: 0, hash: '', parts: 0, budgets: [], asked_at: null, expires_at: '', released: null, decision: null, decided_at: null, decided_by: null,
  };
}

function evolve(row: ApprovalRow, event: Heard): ApprovalRow {
  switch (event.type) {
    case 'wami.sync.guard-tripped.v1': {
      const { provider, account, held, hash, part, budgets, expiresAt } = event.data;
      return { ...row, provider, account, held, hash, parts: part, budgets, asked_at: row.asked_at ?? event.time, expires_at: expiresAt };
    }
    case 'wami.sync.guard-released.v1': return { ...row, released: event.data.why };
    case 'wami.approval.approved.v1': return { ...row, decision: 'approved', decided_at: event.time, decided_by: event.meta.actor };
    case 'wami.approval.rejected.v1': return { ...row, decision: 'rejected', decided_at: event.time, decided_by: event.meta.actor };
    // What the engine says is what counts.
    case 'wami.approval.asked.v1': case 'wami.approval.closed.v1': return row;
  }
}

function itemsOf({ data, tenant }: Extract<Heard, { type: 'wami.sync.guard-tripped.v1' }>): ApprovalItemRow[] {
  return data.items.map(({ resource, kind, takes, more }) => ({ approval: data.approval, resource, tenant, kind, takes, more }));
}

/** What guards hold, and what was decided about it. */
export const approvals: ReadModel = {
  name: 'approvals', version: 1, tables: [APPROVALS, APPROVAL_ITEMS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([...APPROVAL_EVENTS, ...SYNC_APPROVAL_EVENTS].map(({ type }) => type)),
};
