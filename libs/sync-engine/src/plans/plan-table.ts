import type { EventMeta, PlanCounts } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { Asked } from '../jobs/selection';
import { knowTargets } from '../targets/lease';

/** A plan at one target. */
export interface PlanRow {
  readonly plan: string;
  readonly account: string;
  readonly tenant: string;
  /** ARN of the plan. */
  readonly subject: string;
  readonly asked: Asked;
  /** Place of the target among those of the plan, from 0. */
  readonly place: number;
  readonly expiresAt: number;
  /** The last resource that was answered for. */
  readonly cursor: string;
  /** Makes hashes tell nothing of names. */
  readonly salt: string;
  /** Of all operations so far. */
  readonly hash: string;
  readonly counts: PlanCounts;
  /** Events in the stream of the plan at the target. */
  readonly events: number;
  readonly state: 'planning' | 'answered' | 'applied';
  readonly cause: EventMeta;
}

/** As it is asked for. */
export type NewPlan = Omit<PlanRow, 'salt' | 'cursor' | 'hash' | 'counts' | 'events' | 'state'>;

/** What was planned to be written on a binding. */
export interface PlannedWrite {
  readonly resource: string;
  readonly desired: string;
  readonly observed: string;
  /** It takes something away. */
  readonly removes: boolean;
}

const COLUMNS = 'plan, account, tenant, subject, asked, place, expires_at AS "expiresAt", cursor, salt, hash, counts, events, state, cause';

const toPlan = (row: PlanRow): PlanRow => ({ ...row, expiresAt: Number(row.expiresAt) });

export const planStream = (provider: string, { account, plan }: Pick<PlanRow, 'account' | 'plan'>): string => `${provider}/${account}/${plan}`;

/** Also makes the targets known, so that one without any binding is answered for as well. A plan that is there already stays. */
export async function insertPlans(client: PoolClient, db: EngineDatabase, plans: readonly NewPlan[]): Promise<void> {
  await knowTargets(client, db, plans.map(({ account }) => account));
  await client.query(`INSERT INTO ${db.table('plans')} (plan, account, tenant, subject, asked, place, expires_at, cause)
    SELECT plan, account, tenant, subject, asked, place, "expiresAt", cause
    FROM jsonb_to_recordset($1::jsonb) AS r (plan text, account text, tenant text, subject text, asked jsonb, place smallint, "expiresAt" bigint, cause jsonb)
    ON CONFLICT DO NOTHING`, [JSON.stringify(plans)]);
}

/** The oldest plan of a target that is still to be answered; one that expired is not. */
export async function nextPlan(db: EngineDatabase, account: string, now: number): Promise<PlanRow | undefined> {
  const { rows: [row] } = await db.pool.query<PlanRow>(
    `SELECT ${COLUMNS} FROM ${db.table('plans')} WHERE account = $1 AND state = 'planning' AND expires_at > $2 ORDER BY plan LIMIT 1`, [account, now]);
  return row && toPlan(row);
}

export async function lockPlan(client: PoolClient, db: EngineDatabase, plan: string, account: string): Promise<PlanRow | undefined> {
  const { rows: [row] } = await client.query<PlanRow>(`SELECT ${COLUMNS} FROM ${db.table('plans')} WHERE plan = $1 AND account = $2 FOR UPDATE`, [plan, account]);
  return row && toPlan(row);
}

export async function savePlan(client: PoolClient, db: EngineDatabase, { plan, account, cursor, hash, counts, events, state }: PlanRow): Promise<void> {
  await client.query(`UPDATE ${db.table('plans')} SET cursor = $3, hash = $4, counts = $5, events = $6, state = $7 WHERE plan = $1 AND account = $2`,
    [plan, account, cursor, hash, JSON.stringify(counts), events, state]);
}

export async function insertWrites(client: PoolClient, db: EngineDatabase, { plan, account }: PlanRow, writes: readonly PlannedWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await client.query(`INSERT INTO ${db.table('plan_operations')} (plan, account, resource, desired, observed, removes)
    SELECT $1, $2, resource, desired, observed, removes FROM jsonb_to_recordset($3::jsonb) AS r (resource text, desired text, observed text, removes boolean)`, [plan, account, JSON.stringify(writes)]);
}

const MOST_PURGED = 1_000;

/** Removes what expired, at most so many rows at a time. Resolves with whether there may be more. */
export async function purgeExpired(db: EngineDatabase, account: string, now: number): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `DELETE FROM ${db.table('plan_operations')} WHERE ctid = ANY(ARRAY(SELECT o.ctid FROM ${db.table('plan_operations')} o JOIN ${db.table('plans')} p USING (plan, account)
     WHERE p.account = $1 AND p.expires_at <= $2 LIMIT ${MOST_PURGED}))`, [account, now]);
  if (rowCount) return true;
  await db.pool.query(`DELETE FROM ${db.table('plans')} WHERE account = $1 AND expires_at <= $2`, [account, now]);
  return false;
}
