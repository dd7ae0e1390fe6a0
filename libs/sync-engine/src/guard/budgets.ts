import type { GuardBudget, SyncConfig } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { allowed, WINDOW_MS, worthCounting } from './budget';
import { THING } from './takes';

/** Bindings of a lane that are due as well, looked through to see how large a run is. */
const RUN = 1_000;

export interface Asked {
  readonly account: string;
  readonly tenant: string;
  readonly guard: SyncConfig['guard'];
  /** Resources that would be deleted or lose something, and their kinds. */
  readonly asking: ReadonlyMap<string, string>;
  readonly now: number;
}

type Counts = ReadonlyMap<string, number>;

/** Of each kind that something is asked of: what was taken away in the window, what is asked for together, held ones included, and what is allowed. */
export async function budgetsOf(client: PoolClient, db: EngineDatabase, asked: Asked): Promise<GuardBudget[]> {
  const { account, tenant, asking, now, guard } = asked;
  const own = [...asking.keys()];
  const counts = async (sql: string, values: readonly unknown[]): Promise<Counts> => {
    const { rows } = await client.query<{ kind: string; count: number }>(sql, [...values]);
    return new Map(rows.map(({ kind, count }) => [kind, count]));
  };
  const taken = await counts(`SELECT kind, count(*)::int AS count FROM ${db.table('removals')} WHERE account = $1 AND tenant = $2 AND at > $3 GROUP BY kind`, [account, tenant, now - WINDOW_MS]);
  const held = await counts(`SELECT kind, count(*)::int AS count FROM ${db.table('held_removals')} WHERE account = $1 AND tenant = $2 AND NOT decided AND resource <> ALL($3) GROUP BY kind`,
    [account, tenant, own]);
  const run = await counts(runOf(db), [account, now, tenant, own, THING]);
  const found = await counts(foundBy(db), [account, tenant, own]);
  const kinds = [...new Set([...asking.values(), ...held.keys(), ...run.keys(), ...found.keys()])].sort();
  const budgets: GuardBudget[] = [];
  for (const kind of kinds) {
    const of = (known: Counts): number => known.get(kind) ?? 0;
    const standing = await countStanding(client, db, asked, kind);
    const together = of(held) + of(run) + of(found) + [...asking.values()].filter((one) => one === kind).length;
    budgets.push({ kind, allowed: allowed(guard, standing + of(taken)), taken: of(taken), asked: together });
  }
  return budgets;
}

/** What else of the tenant's is due, in any lane, not in hand yet and not permitted, and would be deleted or lose a relation to what stays. */
function runOf(db: EngineDatabase): string {
  const { name } = db.bindings;
  const permitted = (take: string): string => `EXISTS (SELECT 1 FROM ${db.table('removal_permits')} p WHERE p.resource = b.resource AND p.take = ${take} AND p.account IN ('', $1) AND p.until > $2)`;
  return `SELECT kind, count(*)::int AS count FROM unnest('{-1,0,1}'::smallint[]) AS l (lane) CROSS JOIN LATERAL (SELECT resource, kind, deleted, wanted, presence, plan FROM ${name}
      WHERE account = $1 AND lane = l.lane AND tenant = $3 AND due_at <= $2 AND NOT claimed ORDER BY due_at LIMIT ${RUN}) b
    WHERE wanted AND presence IS NOT NULL AND (plan->'approved') IS DISTINCT FROM 'true' AND resource <> ALL($4)
      AND NOT EXISTS (SELECT 1 FROM ${db.table('held_removals')} h WHERE h.account = $1 AND h.resource = b.resource)
      AND CASE WHEN deleted THEN NOT ${permitted('$5')} ELSE EXISTS (
        SELECT 1 FROM jsonb_each(presence->'facets') f CROSS JOIN LATERAL jsonb_array_elements_text(f.value) o (id)
        WHERE NOT EXISTS (SELECT 1 FROM ${db.table('relations')} r WHERE r.owner = b.resource AND r.facet = f.key AND r.other = o.id)
          AND EXISTS (SELECT 1 FROM ${name} e WHERE e.account = $1 AND e.resource = o.id AND e.wanted AND NOT e.deleted AND e.presence IS NOT NULL)
          AND NOT ${permitted("f.key || ':' || o.id")}) END
    GROUP BY kind`;
}

/** Resources of the tenant that somebody else added a relation to which is to be taken away next. */
function foundBy(db: EngineDatabase): string {
  return `SELECT kind, count(*)::int AS count FROM ${db.bindings.name} b WHERE account = $1 AND tenant = $2 AND presence ? 'found' AND due_at IS NOT NULL AND NOT claimed
      AND (plan->'approved') IS DISTINCT FROM 'true' AND resource <> ALL($3) AND NOT EXISTS (SELECT 1 FROM ${db.table('held_removals')} h WHERE h.account = $1 AND h.resource = b.resource)
    GROUP BY kind`;
}

/** What the tenant has of the kind at the target beside what is counted as taken away, as far as that makes a difference. */
export async function countStanding(client: PoolClient, db: EngineDatabase, { account, tenant, guard, now }: Omit<Asked, 'asking'>, kind: string): Promise<number> {
  const { rows: [row] } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT 1 FROM ${db.table('resources')} r JOIN ${db.bindings.name} b ON b.account = $1 AND b.resource = r.id
       WHERE r.tenant = $2 AND r.kind = $3 AND b.presence IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM ${db.table('removals')} d WHERE d.resource = r.id AND d.account = $1 AND d.at > $5) LIMIT $4) AS standing`, [account, tenant, kind, worthCounting(guard), now - WINDOW_MS]);
  return row?.count ?? 0;
}

export function isOver({ allowed: most, taken, asked }: GuardBudget): boolean {
  return asked > 0 && taken + asked > most;
}

/** The budgets in a few words. Pure. */
export function inWords(budgets: readonly GuardBudget[]): string | undefined {
  const over = budgets.filter(isOver);
  if (over.length === 0) return undefined;
  return over.map(({ kind, allowed: most, taken, asked }) => `${kind}: ${taken + asked} within 24 hours, ${most} are allowed`).join('; ');
}
