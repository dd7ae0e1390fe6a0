import type { RecordedEvent, RecordedPlanEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { insertPlans, type NewPlan } from './plan-table';

export const isPlan = (event: RecordedEvent): event is RecordedPlanEvent => event.type === 'wami.plan.requested.v1';

/** Notes the plans among the events that targets of this provider have to answer, unless they expired meanwhile. */
export async function acceptPlans(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<void> {
  const rows = events.filter(isPlan).flatMap((event) => rowsOf(event, db.provider)).filter(({ expiresAt }) => expiresAt > now);
  if (rows.length > 0) await insertPlans(client, db, rows);
}

function rowsOf(event: RecordedPlanEvent, provider: string): NewPlan[] {
  const { stream, tenant, subject, data: { scope, filter, resources, targets, expiresAt } } = event;
  const about = { plan: stream, tenant, subject, asked: { scope, filter, resources }, expiresAt: Date.parse(expiresAt), cause: causedBy(event) };
  return targets.flatMap((target, place) => (target.provider === provider ? [{ ...about, account: target.account, place }] : []));
}
