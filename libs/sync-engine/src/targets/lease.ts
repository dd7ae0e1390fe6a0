import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

/** A target that this process owns. `epoch` is written nowhere else: who comes later has a higher one. */
export interface Lease {
  readonly account: string;
  readonly epoch: number;
  readonly pausedUntil: number;
  readonly pauses: number;
  readonly pauseReason?: string | null;
}

/** A replica's part of the targets, where `$1` is its owner's name: it counts those that gave a sign of life within their lease, and itself. */
const partOf = (db: EngineDatabase): string => `(SELECT ceil(count(*)::numeric / (1 + (SELECT count(*) FROM ${db.table('replicas')} WHERE owner <> $1 AND alive_until >= clock_timestamp())))::int FROM ${db.table('targets')})`;

/**
 * Gives a sign of life, and takes targets that nobody owns or whose owner's time is over, by the database's clock: as many as are missing from
 * this replica's part.
 */
export async function acquire(db: EngineDatabase, owner: string, leaseMs: number): Promise<Lease[]> {
  const until = `clock_timestamp() + $2 * interval '1 millisecond'`;
  const { rows } = await db.pool.query<{ account: string; epoch: string; paused_until: string | null; pauses: number; pause_reason: string | null }>(
    `WITH gone AS (
       DELETE FROM ${db.table('replicas')} WHERE owner IN (SELECT owner FROM ${db.table('replicas')} WHERE owner <> $1 AND alive_until < clock_timestamp() FOR UPDATE SKIP LOCKED)
     ), here AS (
       INSERT INTO ${db.table('replicas')} (owner, alive_until) VALUES ($1, ${until}) ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until
     )
     UPDATE ${db.table('targets')} SET owner = $1, epoch = epoch + 1, lease_until = ${until}
     WHERE account = ANY(ARRAY(SELECT account FROM ${db.table('targets')} WHERE lease_until < clock_timestamp() ORDER BY account
       LIMIT greatest(0, ${partOf(db)} - (SELECT count(*) FROM ${db.table('targets')} WHERE owner = $1 AND lease_until >= clock_timestamp())) FOR UPDATE SKIP LOCKED))
     RETURNING account, epoch, paused_until, pauses, pause_reason`, [owner, leaseMs]);
  return rows.map(({ account, epoch, paused_until, pauses, pause_reason }) => ({ account, epoch: Number(epoch), pausedUntil: Number(paused_until ?? 0), pauses, pauseReason: pause_reason }));
}

export interface Kept {
  readonly accounts: ReadonlySet<string>;
  /** How many of the targets are this replica's part. */
  readonly part: number;
}

/** Prolongs what is still ours; resolves with the accounts that are. */
export async function renew(db: EngineDatabase, owner: string, leases: readonly Lease[], leaseMs: number): Promise<Kept> {
  const { rows } = await db.pool.query<{ account: string; part: number }>(
    `UPDATE ${db.table('targets')} SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
     WHERE owner = $1 AND (account, epoch) IN (SELECT * FROM unnest($2::text[], $3::bigint[])) RETURNING account, ${partOf(db)} AS part`,
    [owner, leases.map(({ account }) => account), leases.map(({ epoch }) => epoch), leaseMs]);
  return { accounts: new Set(rows.map(({ account }) => account)), part: rows[0]?.part ?? 0 };
}

/** Makes targets known, so that somebody owns them. */
export async function knowTargets(client: PoolClient, db: EngineDatabase, accounts: readonly string[]): Promise<void> {
  if (accounts.length > 0) await client.query(prepared(`INSERT INTO ${db.table('targets')} (account) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING`, [accounts]));
}

/** This replica takes no targets any more: the others need not leave it its part. */
export async function leave(db: EngineDatabase, owner: string): Promise<void> {
  await db.pool.query(`DELETE FROM ${db.table('replicas')} WHERE owner = $1`, [owner]);
}

/** Gives targets back, so that nobody has to wait for them. */
export async function release(db: EngineDatabase, owner: string, leases: readonly Lease[]): Promise<void> {
  await db.pool.query(
    `UPDATE ${db.table('targets')} SET owner = NULL, lease_until = '-infinity'
     WHERE owner = $1 AND (account, epoch) IN (SELECT * FROM unnest($2::text[], $3::bigint[]))`,
    [owner, leases.map(({ account }) => account), leases.map(({ epoch }) => epoch)]);
}

/** Which of these are still ours. Nobody can take one over before the transaction ends. */
export async function stillOwned(client: PoolClient, db: EngineDatabase, owner: string, leases: readonly Lease[]): Promise<Set<string>> {
  const { rows } = await client.query<{ account: string }>(prepared(`SELECT account FROM ${db.table('targets')}
      WHERE owner = $1 AND (account, epoch) IN (SELECT * FROM unnest($2::text[], $3::bigint[])) ORDER BY account FOR SHARE`, [owner, leases.map(({ account }) => account), leases.map(({ epoch }) => epoch)]));
  return new Set(rows.map(({ account }) => account));
}

/** Keeps the pause over a restart. */
export async function savePause(db: EngineDatabase, { account, epoch }: Lease, until: number, pauses: number, reason: string | null): Promise<void> {
  await db.pool.query(`UPDATE ${db.table('targets')} SET paused_until = $3, pauses = $4, pause_reason = $5 WHERE account = $1 AND epoch = $2`,
    [account, epoch, until, pauses, reason]);
}
