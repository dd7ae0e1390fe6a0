import { isErasure, PLAN_ACTIONS, planRequested, SUBJECT_EVENTS, SYNC_PLAN_EVENTS, syncJobAccepted } from '@wami/contracts';
import { blankOperation } from '../erasure/personal-columns';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { PLAN_JOBS, PLAN_OPERATIONS, PLAN_TARGETS, PLANS, type PlanJobRow, type PlanOperationRow, type PlanRow, type PlanTargetRow } from './plans.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  await rows.put(PLANS, events.flatMap(planOf));
  await rows.put(PLAN_TARGETS, events.flatMap(targetOf));
  await rows.put(PLAN_JOBS, events.flatMap(jobOf));
  await foldOperations(rows, events);
}

function planOf(event: Ingested): PlanRow[] {
  if (event.type !== 'wami.plan.requested.v1') return [];
  return [{ id: event.stream, tenant: event.tenant, targets: event.data.targets, created_at: event.time, created_by: event.meta.actor, expires_at: event.data.expiresAt }];
}

function targetOf(event: Ingested): PlanTargetRow[] {
  return event.type === 'wami.sync.plan-answered.v1' ? [{ ...event.data, guard: event.data.guard ?? [], tenant: event.tenant }] : [];
}

function jobOf(event: Ingested): PlanJobRow[] {
  if (event.type !== 'wami.sync.job-accepted.v1' || event.data.plan === undefined) return [];
  const { plan, job, provider, account, refused = '', undone = 0 } = event.data;
  return [{ plan, job, tenant: event.tenant, provider, account, refused, undone }];
}

/** What is planned of a resource, refused of it, or to be forgotten of it comes in order. */
async function foldOperations(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const about = events.filter((event) => event.type === 'wami.sync.planned.v1' || event.type === 'wami.sync.plan-refused.v1' || isErasure(event));
  const later = about.filter(({ type }) => type !== 'wami.sync.planned.v1').map(({ key }) => key);
  const known = new Map((await rows.find(PLAN_OPERATIONS, 'resource', [...new Set(later)])).map((row) => [keyOf(PLAN_OPERATIONS, row), row]));
  const changed = new Map<string, PlanOperationRow>();
  const set = (row: PlanOperationRow): void => {
    known.set(keyOf(PLAN_OPERATIONS, row), row);
    changed.set(keyOf(PLAN_OPERATIONS, row), row);
  };
  for (const event of about) {
    if (event.type === 'wami.sync.planned.v1') set(operationOf(event));
    else for (const row of [...known.values()].filter(({ resource }) => resource === event.key)) {
      if (isErasure(event)) set({ ...row, ...blankOperation() });
      else if (event.type === 'wami.sync.plan-refused.v1' && isSame(row, event.data)) set({ ...row, refused: event.data.why });
    }
  }
  await rows.put(PLAN_OPERATIONS, [...changed.values()]);
}

const isSame = (row: PlanOperationRow, { plan, provider, account }: Pick<PlanOperationRow, 'plan' | 'provider' | 'account'>): boolean =>
  row.plan === plan && row.provider === provider && row.account === account;

function operationOf({ data, personal, tenant }: Extract<Ingested, { type: 'wami.sync.planned.v1' }>): PlanOperationRow {
  const { code, ...rest } = data;
  return { ...rest, code: code ?? null, tenant, rank: String(PLAN_ACTIONS.indexOf(data.action)), refused: null, told: personal };
}

/** What syncs would do, as the targets tell it, and what became of plans that were applied. */
export const plans: ReadModel = {
  name: 'plans', version: 3, tables: [PLANS, PLAN_TARGETS, PLAN_JOBS, PLAN_OPERATIONS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([planRequested, syncJobAccepted, ...SYNC_PLAN_EVENTS, ...SUBJECT_EVENTS].map(({ type }) => type)),
};
