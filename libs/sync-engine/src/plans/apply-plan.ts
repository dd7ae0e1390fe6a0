import type { NewEvent, RecordedSyncJobEvent, SyncPlanEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { jobAccepted } from '../jobs/job-accepted';
import { isWithin } from '../jobs/selection';
import { lockPlan, planStream, savePlan, type PlanRow } from './plan-table';

/** Few enough to go before sweeps. */
const FEW = 100;

type Refused = 'unknown' | 'expired' | 'incomplete' | 'other-hash' | 'applied';

/**
 * Makes due what a plan wants written at these targets, once: each with what the plan expects to find. A plan that expired, is not complete
 * or is not the one that was approved is refused as a whole. Resolves with the accounts that have work.
 */
export async function applyPlan(client: PoolClient, db: EngineDatabase, job: RecordedSyncJobEvent, accounts: readonly string[], now: number): Promise<readonly string[]> {
  for (const account of accounts) {
    const plan = await lockPlan(client, db, job.data.plan ?? '', account);
    const refused = whyRefused(plan, job, now);
    if (plan === undefined || refused) {
      const undone = plan ? await countOperations(client, db, plan) : 0;
      await db.write(client, [], [jobAccepted(db.provider, job, account, 0, { plan: job.data.plan ?? '', refused: refused ?? 'unknown', undone })]);
    } else await approve(client, db, job, plan, now);
  }
  return accounts;
}

function whyRefused(plan: PlanRow | undefined, { data: { hash } }: RecordedSyncJobEvent, now: number): Refused | undefined {
  if (plan === undefined) return 'unknown';
  if (plan.expiresAt <= now) return 'expired';
  if (plan.state === 'planning') return 'incomplete';
  if (plan.state === 'applied') return 'applied';
  return hash !== undefined && hash.split('.')[plan.place] !== plan.hash ? 'other-hash' : undefined;
}

async function countOperations(client: PoolClient, db: EngineDatabase, { plan, account }: PlanRow): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${db.table('plan_operations')} WHERE plan = $1 AND account = $2`, [plan, account]);
  return row?.count ?? 0;
}

async function approve(client: PoolClient, db: EngineDatabase, job: RecordedSyncJobEvent, plan: PlanRow, now: number): Promise<void> {
  const taken = await makeDue(client, db, job, plan, now);
  const { rows } = await client.query<Left>(
    `DELETE FROM ${db.table('plan_operations')} o USING ${db.table('resources')} r WHERE o.plan = $1 AND o.account = $2 AND r.id = o.resource
     RETURNING o.resource, r.kind, r.tenant, r.subject`, [plan.plan, plan.account]);
  const left = rows.filter(({ resource }) => !taken.has(resource)).map((one) => gone(db.provider, plan, one, job));
  const stream = planStream(db.provider, plan);
  const meta = causedBy(job);
  await db.write(client, [], [
    jobAccepted(db.provider, job, plan.account, taken.size + left.length, { plan: plan.plan }),
    ...(left.length > 0 ? [{ stream, tenant: plan.tenant, expectedVersion: plan.events, events: left, meta }] : []),
  ]);
  await savePlan(client, db, { ...plan, state: 'applied', events: plan.events + left.length });
}

/** What a trigger holds stays held until it is carried out, so that a refusal changes nothing. Never beyond the scope of who approved. */
async function makeDue(client: PoolClient, db: EngineDatabase, job: RecordedSyncJobEvent, plan: PlanRow, now: number): Promise<Set<string>> {
  const { rows } = await client.query<{ resource: string }>(
    `UPDATE ${db.bindings.name} b SET generation = b.generation + 1, due_at = least(b.due_at, $5), verify_since = $5, jobs = b.jobs || to_jsonb($3::text), cause = $7,
       lane = CASE WHEN (SELECT count(*) FROM ${db.table('plan_operations')} WHERE plan = $1 AND account = $2) <= ${FEW} THEN 0 ELSE 1 END,
       plan = jsonb_build_object('plan', $1::text, 'job', $3::text, 'desired', o.desired, 'observed', o.observed, 'expiresAt', $4::bigint, 'generation', b.generation + 1,
         'dueAt', CASE WHEN b.claimed AND NOT b.held THEN $5 ELSE b.due_at END, 'checked', false, 'begun', false, 'approved', $8::boolean)
     FROM ${db.table('plan_operations')} o WHERE o.plan = $1 AND o.account = $2 AND b.account = o.account AND b.resource = o.resource AND b.state <> 'Gone'
       AND ($6 = '' OR ${isWithin('$6::text')}) RETURNING b.resource`,
    [plan.plan, plan.account, job.stream, plan.expiresAt, now, job.data.scope, JSON.stringify(causedBy(job)), job.data.hash !== undefined]);
  return new Set(rows.map(({ resource }) => resource));
}

interface Left {
  readonly resource: string;
  readonly kind: string;
  readonly tenant: string;
  readonly subject: string;
}

/** There is nothing left to do it to. */
function gone(provider: string, plan: PlanRow, { resource, kind, tenant, subject }: Left, job: RecordedSyncJobEvent): NewEvent {
  const event: SyncPlanEvent = {
    type: 'wami.sync.plan-refused.v1', stream: planStream(provider, plan), key: resource, tenant, subject,
    data: { plan: plan.plan, resource, kind, provider, account: plan.account, why: 'gone', jobs: [job.stream] }, personal: {},
  };
  return event;
}
