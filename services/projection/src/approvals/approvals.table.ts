import type { GuardBudget } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** A list of removals that a guard holds. The engine's words and identity's decision come from two services, in any order. */
export interface ApprovalRow {
  readonly id: string;
  readonly tenant: string;
  readonly arn: string;
  readonly provider: string;
  readonly account: string;
  readonly held: number;
  readonly hash: string;
  readonly parts: number;
  readonly budgets: readonly GuardBudget[];
  /** Null until the engine's own words arrived. */
  readonly asked_at: string | null;
  readonly expires_at: string;
  /** Why nothing waits for it any more. */
  readonly released: string | null;
  readonly decision: string | null;
  readonly decided_at: string | null;
  readonly decided_by: string | null;
}

export interface ApprovalItemRow {
  readonly approval: string;
  readonly resource: string;
  readonly tenant: string;
  readonly kind: string;
  readonly takes: readonly string[];
  readonly more: number;
}

export const APPROVALS: Table<ApprovalRow> = {
  name: 'approvals', key: ['id'], indexes: [{ name: 'by_tenant', on: '(tenant_path, id)' }],
  columns: {
    id: TEXT, tenant: TEXT, arn: TEXT, provider: TEXT, account: TEXT, held: 'integer', hash: TEXT, parts: 'integer', budgets: 'jsonb', asked_at: TEXT, expires_at: TEXT, released: TEXT,
    decision: TEXT, decided_at: TEXT, decided_by: TEXT,
  },
};

export const APPROVAL_ITEMS: Table<ApprovalItemRow> = {
  name: 'approval_items', key: ['approval', 'resource'], indexes: [],
  columns: { approval: TEXT, resource: TEXT, tenant: TEXT, kind: TEXT, takes: 'jsonb', more: 'integer' },
};
