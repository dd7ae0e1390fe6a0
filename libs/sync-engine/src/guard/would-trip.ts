import type { PlanGuard } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { loadSettings } from '../fold/settings';
import type { PlanRow } from '../plans/plan-table';
import { allowed, WINDOW_MS } from './budget';
import { countStanding } from './budgets';

/** So many kinds of tenants are told of, those that would lose most. */
const MOST = 100;

interface Removals {
  readonly tenant: string;
  readonly kind: string;
  readonly removes: number;
  readonly taken: number;
  readonly held: number;
}

/** Where a plan, applied without its hash, would make a list to approve, by what stands and was taken away now. */
export async function wouldTrip(client: PoolClient, db: EngineDatabase, { plan, account }: Pick<PlanRow, 'plan' | 'account'>, now: number): Promise<PlanGuard[]> {
  const { rows } = await client.query<Removals>(`SELECT p.*,
      (SELECT count(*)::int FROM ${db.table('removals')} d WHERE d.account = $2 AND d.tenant = p.tenant AND d.kind = p.kind AND d.at > $4) AS taken,
      (SELECT count(*)::int FROM ${db.table('held_removals')} h WHERE h.account = $2 AND h.tenant = p.tenant AND h.kind = p.kind AND NOT h.decided
         AND NOT EXISTS (SELECT 1 FROM ${db.table('plan_operations')} o WHERE o.plan = $1 AND o.account = $2 AND o.resource = h.resource AND o.removes)) AS held
    FROM (SELECT r.tenant, r.kind, count(*)::int AS removes FROM ${db.table('plan_operations')} o JOIN ${db.table('resources')} r ON r.id = o.resource
      WHERE o.plan = $1 AND o.account = $2 AND o.removes
        AND NOT EXISTS (SELECT 1 FROM ${db.table('removal_permits')} s WHERE s.resource = o.resource AND s.account IN ('', $2) AND s.until > $3)
      GROUP BY r.tenant, r.kind ORDER BY count(*) DESC, r.tenant, r.kind LIMIT ${MOST}) p`, [plan, account, now, now - WINDOW_MS]);
  const settings = await loadSettings(client, db, rows.map(({ tenant }) => tenant));
  const over: PlanGuard[] = [];
  for (const { tenant, kind, removes, taken, held } of rows) {
    const guard = settings.of(tenant)?.config.guard;
    if (guard === undefined) continue;
    const most = allowed(guard, taken + await countStanding(client, db, { account, tenant, guard, now }, kind));
    if (taken + held + removes > most) over.push({ tenant, kind, removes, allowed: most, taken, held });
  }
  return over;
}
