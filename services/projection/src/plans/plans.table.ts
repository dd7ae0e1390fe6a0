import type { PlanAction, PlanChange, PlanCounts, PlanGuard, PlanRefusal, SyncErrorCode, Target } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

export interface PlanRow {
  readonly id: string;
  readonly tenant: string;
  readonly targets: readonly Target[];
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string;
}

/** A target that told all that it would do. */
export interface PlanTargetRow {
  readonly plan: string;
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  readonly operations: number;
  readonly counts: PlanCounts;
  readonly hash: string;
  readonly guard: readonly PlanGuard[];
}

/** A job that applies a plan, as one target took it. */
export interface PlanJobRow {
  readonly plan: string;
  readonly job: string;
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  /** Why nothing of it is carried out there; '' where it is. */
  readonly refused: string;
  /** How many operations are not done for that. */
  readonly undone: number;
}

export interface PlanOperationRow {
  readonly plan: string;
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
  readonly tenant: string;
  readonly kind: string;
  readonly action: PlanAction;
  /** One character: deletions first. */
  readonly rank: string;
  readonly calls: number;
  readonly version: number;
  readonly code: SyncErrorCode | null;
  readonly more: number;
  /** Why it was not carried out. */
  readonly refused: PlanRefusal | null;
  /** Names, values and the provider's words. */
  readonly told: PlanTold | null;
}

export interface PlanTold {
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
  readonly changes?: readonly PlanChange[] | undefined;
}

const TARGET = { provider: TEXT, account: TEXT };

export const PLANS: Table<PlanRow> = { name: 'plans', key: ['id'], indexes: [{ name: 'by_tenant', on: '(tenant_path, id)' }], columns: { id: TEXT, tenant: TEXT, targets: 'jsonb', created_at: TEXT, created_by: TEXT, expires_at: TEXT } };

export const PLAN_TARGETS: Table<PlanTargetRow> = {
  name: 'plan_targets', key: ['plan', 'provider', 'account'], indexes: [], columns: { plan: TEXT, tenant: TEXT, ...TARGET, operations: 'integer', counts: 'jsonb', hash: TEXT, guard: 'jsonb' },
};

export const PLAN_JOBS: Table<PlanJobRow> = {
  name: 'plan_jobs', key: ['plan', 'job', 'provider', 'account'], indexes: [{ name: 'job', on: '(job)' }], columns: { plan: TEXT, job: TEXT, tenant: TEXT, ...TARGET, refused: TEXT, undone: 'integer' },
};

export const PLAN_OPERATIONS: Table<PlanOperationRow> = {
  name: 'plan_operations', key: ['plan', 'resource', 'provider', 'account'],
  indexes: [{ name: 'resource', on: '(resource)' }, { name: 'shown', on: '(plan, rank, resource, provider, account)' }],
  columns: {
    plan: TEXT, resource: TEXT, ...TARGET, tenant: TEXT, kind: TEXT, action: TEXT, rank: TEXT, calls: 'integer', version: 'integer', code: TEXT, more: 'integer',
    refused: TEXT, told: 'jsonb',
  },
};
