import type { NewEvent, PlanAction, PlanCounts, PlanGuard, SyncPlanEvent } from '@wami/contracts';
import type { EngineDatabase } from '../database/engine-database';
import { wouldTrip } from '../guard/would-trip';
import type { Work } from '../reconcile/work';
import type { Lease } from '../targets/lease';
import { whileOwned } from '../targets/while-owned';
import { told } from './changes-told';
import { digest } from './fingerprint';
import type { Planned } from './plan-binding';
import { insertWrites, lockPlan, planStream, savePlan, type PlanRow } from './plan-table';

export interface Part {
  readonly owner: string;
  readonly lease: Lease;
  /** As it was when the part was begun. */
  readonly plan: PlanRow;
  readonly planned: readonly (readonly [Work, Planned])[];
  /** The last binding of the part, also where nothing is known of its resource any more. */
  readonly upTo: string;
  /** There is nothing after it. */
  readonly last: boolean;
  readonly now: number;
}

/** Tells a part of a plan and keeps what it expects, in one transaction with how far the plan is. @throws TargetLost */
export async function writePart(db: EngineDatabase, { owner, lease, plan: began, planned, upTo, last, now }: Part): Promise<void> {
  const telling = planned.filter(([, { action }]) => action !== 'none');
  await db.store.holdKeys(telling.map(([{ resource }]) => resource.id));
  await whileOwned({ db, owner, lease }, async (client) => {
    const plan = await lockPlan(client, db, began.plan, began.account);
    // It was removed, or somebody was faster.
    if (plan?.cursor !== began.cursor || plan.state !== 'planning') return;
    const next = nextOf(plan, planned, upTo, last);
    const events: NewEvent[] = telling.map(([work, one]) => operationEvent(db.provider, plan, work, one));
    await insertWrites(client, db, plan, planned.flatMap(([{ resource }, { fingerprints, removes = false }]) => (fingerprints ? [{ resource: resource.id, removes, ...fingerprints }] : [])));
    if (last) events.push(answerEvent(db.provider, next, await wouldTrip(client, db, plan, now)));
    if (events.length > 0) await db.write(client, [], [{ stream: planStream(db.provider, plan), tenant: plan.tenant, expectedVersion: plan.events, events, meta: plan.cause }]);
    await savePlan(client, db, { ...next, events: plan.events + events.length });
  });
}

function nextOf(plan: PlanRow, planned: Part['planned'], cursor: string, last: boolean): PlanRow {
  const counts: Partial<Record<PlanAction, number>> = { ...plan.counts };
  let { hash } = plan;
  for (const [{ resource: { id } }, { action, changes, fingerprints }] of planned) {
    counts[action] = (counts[action] ?? 0) + 1;
    if (action !== 'none') hash = digest([hash, plan.salt, id, action, changes, fingerprints]);
  }
  return { ...plan, cursor, counts, hash: last && hash === '' ? digest([plan.salt]) : hash, state: last ? 'answered' : 'planning' };
}

const operationsOf = ({ none: _none, ...told_ }: PlanCounts): number => Object.values(told_).reduce((sum, count) => sum + count, 0);

function operationEvent(provider: string, { plan, account }: PlanRow, { binding, resource }: Work, { action, name, calls, reason, code, changes }: Planned): NewEvent {
  const { more, changes: fitting } = told(changes);
  const event: SyncPlanEvent = {
    type: 'wami.sync.planned.v1', stream: planStream(provider, { plan, account }), key: resource.id, tenant: resource.tenant, subject: resource.subject,
    data: { plan, resource: resource.id, kind: resource.kind, provider, account, action, calls, version: resource.version, ...(code ? { code } : {}), more },
    personal: binding.erased ? {} : { ...(name === undefined ? {} : { name }), ...(reason === undefined ? {} : { reason }), changes: fitting },
  };
  return event;
}

function answerEvent(provider: string, plan: PlanRow, guard: PlanGuard[]): NewEvent {
  const event: SyncPlanEvent = {
    type: 'wami.sync.plan-answered.v1', stream: planStream(provider, plan), key: plan.plan, tenant: plan.tenant, subject: plan.subject,
    data: { plan: plan.plan, provider, account: plan.account, operations: operationsOf(plan.counts), counts: plan.counts, hash: plan.hash, ...(guard.length > 0 ? { guard } : {}) }, personal: {},
  };
  return event;
}
