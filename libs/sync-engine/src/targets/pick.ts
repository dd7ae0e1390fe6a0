import type { PoolClient } from 'pg';
import type { Binding, Lane } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';

export interface PickRequest {
  readonly account: string;
  readonly now: number;
  readonly limit: number;
  /** Resources that are not to be picked. */
  readonly inHand: readonly string[];
  readonly lanes: readonly Lane[];
  /** So many of lane 1 go before lane 0. */
  readonly shareOfLane1: number;
  /** The tenant that was served last: those after it have the next turns. */
  readonly after: string;
}

/** Of more tenants than this the others have their turn with the next claim. */
const MOST_TENANTS = 256;
/** So many times its even share is looked at of a tenant, for others may have less. */
const SHARES = 4;

/**
 * Locks the next due bindings: revocations, then people's edits, then the rest; within a lane one of each tenant in turn, of each tenant the
 * oldest. It costs one look at an index for each tenant with work, and one for each binding, however many are due.
 */
export function pick(client: PoolClient, db: EngineDatabase, { account, now, limit, inHand, lanes, shareOfLane1, after }: PickRequest): Promise<Binding[]> {
  const table = db.bindings.name;
  const next = (lane: string, more: string): string => `(SELECT b.tenant, b.due_at FROM ${table} b
    WHERE b.account = $1 AND b.lane = ${lane} AND b.due_at IS NOT NULL AND NOT b.claimed AND ${more} ORDER BY b.tenant, b.due_at LIMIT 1)`;
  return db.bindings.lock(client, `b.account = $1 AND NOT b.claimed AND b.due_at <= $2 AND b.resource IN (
    WITH RECURSIVE turns (lane, tenant, first, round, turn) AS (
      SELECT l.lane, f.tenant, f.due_at, f.round, 1 FROM unnest($6::smallint[]) AS l (lane) CROSS JOIN LATERAL (
        SELECT * FROM (SELECT *, 0 AS round FROM ${next('l.lane', 'b.tenant > $7')} AS n UNION ALL SELECT *, 1 FROM ${next('l.lane', 'b.tenant <= $7')} AS n) AS f ORDER BY round LIMIT 1) AS f
      UNION ALL
      SELECT t.lane, f.tenant, f.due_at, f.round, t.turn + 1 FROM turns t CROSS JOIN LATERAL (
        SELECT * FROM (SELECT *, 0 AS round FROM ${next('t.lane', 't.round = 0 AND b.tenant > t.tenant')} AS n UNION ALL SELECT *, 1 FROM ${next('t.lane', 't.round = 0 AND b.tenant <= $7')} AS n
          UNION ALL SELECT *, 1 FROM ${next('t.lane', 't.round = 1 AND b.tenant > t.tenant AND b.tenant <= $7')} AS n) AS f ORDER BY round LIMIT 1) AS f
      WHERE t.turn < ${MOST_TENANTS}
    )
    SELECT resource FROM (
      SELECT d.resource, t.lane, row_number() OVER (PARTITION BY t.lane ORDER BY d.place, t.turn) AS rank FROM turns t CROSS JOIN LATERAL (
        SELECT b.resource, row_number() OVER (ORDER BY b.due_at) AS place FROM ${table} b
        WHERE b.account = $1 AND b.lane = t.lane AND b.tenant = t.tenant AND b.due_at <= $2 AND NOT b.claimed AND b.resource NOT IN (SELECT unnest($5::text[]))
        ORDER BY b.due_at LIMIT (SELECT least($3::int, 1 + ${SHARES} * $3::int / count(*)) FROM turns WHERE first <= $2)) AS d
      WHERE t.first <= $2) AS c
    ORDER BY CASE WHEN lane = -1 THEN 0 WHEN lane = 1 AND rank <= $4 THEN 1 WHEN lane = 0 THEN 2 ELSE 3 END, rank LIMIT $3::int)`,
  [account, now, limit, shareOfLane1, inHand, lanes, after]);
}

/**
 * The tenant whose turn was the last, counted from `after`, where each of `tenants` stands once for every turn that it had. Who had more turns
 * than others had the last round. `after` itself where nobody was served.
 */
export function lastServed(tenants: readonly string[], after: string): string {
  if (tenants.length === 0) return after;
  const turns = new Map<string, number>();
  for (const tenant of tenants) turns.set(tenant, (turns.get(tenant) ?? 0) + 1);
  const most = Math.max(...turns.values());
  const lastRound = [...turns].flatMap(([tenant, had]) => (had === most ? [tenant] : []));
  const behind = lastRound.filter((tenant) => tenant <= after);
  return (behind.length > 0 ? behind : lastRound).reduce((last, tenant) => (tenant > last ? tenant : last), '');
}
