import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

/** A tenant that says itself when its targets are swept, or that they are not, for itself and for those below it that say nothing. */
export interface Setter {
  readonly id: string;
  readonly tenant: string;
  readonly schedule: string | null;
  /** It or a tenant below it may have something at the target. */
  readonly concerned: boolean;
}

/** The next sweep of a target for one setter. */
export interface SweepRow {
  readonly tenant: string;
  readonly schedule: string;
  readonly dueAt: number;
  /** Null: no sweep is under way. */
  readonly since: number | null;
  /** Bindings of resources up to this one are asked for already. */
  readonly cursor: string;
  readonly compared: number;
  readonly attempts: number;
  /** Events in the stream of these sweeps so far. */
  readonly events: number;
}

const COLUMNS = `tenant, schedule, due_at::float8 AS "dueAt", since::float8 AS since, cursor, compared, attempts, events`;

export async function settersOf(client: Pick<PoolClient, 'query'>, db: EngineDatabase, account: string): Promise<Setter[]> {
  const { rows } = await client.query<Setter>(
    `SELECT s.id, s.path AS tenant, s.config->'triggers'->>'schedule' AS schedule, EXISTS (SELECT 1 FROM ${db.table('tenants')} t WHERE NOT t.gone
        AND t.config->'providers' @> $1::jsonb AND (t.path = s.path OR starts_with(t.path, s.path || '/') OR starts_with(s.path, t.path || '/'))) AS concerned
     FROM ${db.table('tenants')} s WHERE NOT s.gone AND s.config->'triggers' ? 'schedule' ORDER BY s.path`, [JSON.stringify([{ provider: db.provider, account }])]);
  return rows;
}

export async function sweepsOf(client: Pick<PoolClient, 'query'>, db: EngineDatabase, account: string): Promise<SweepRow[]> {
  const { rows } = await client.query<SweepRow>(`SELECT ${COLUMNS} FROM ${db.table('sweeps')} WHERE account = $1 ORDER BY due_at, tenant`, [account]);
  return rows;
}

/** As it stands, locked. */
export async function lockSweep(client: PoolClient, db: EngineDatabase, account: string, tenant: string): Promise<SweepRow | undefined> {
  const { rows } = await client.query<SweepRow>(`SELECT ${COLUMNS} FROM ${db.table('sweeps')} WHERE account = $1 AND tenant = $2 FOR UPDATE`, [account, tenant]);
  return rows[0];
}

export async function saveSweep(client: Pick<PoolClient, 'query'>, db: EngineDatabase, account: string, row: SweepRow): Promise<void> {
  const { tenant, schedule, dueAt, since, cursor, compared, attempts, events } = row;
  await client.query(`INSERT INTO ${db.table('sweeps')} (account, tenant, schedule, due_at, since, cursor, compared, attempts, events) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (account, tenant) DO UPDATE SET schedule = $3, due_at = $4, since = $5, cursor = $6, compared = $7, attempts = $8, events = $9`,
  [account, tenant, schedule, dueAt, since, cursor, compared, attempts, events]);
}
