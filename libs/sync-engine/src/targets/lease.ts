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

/** Takes every target that nobody owns or whose owner's time is over, by the database's clock. */
export async function acquire(db: EngineDatabase, owner: string, leaseMs: number): Promise<Lease[]> {
  const { rows } = await db.pool.query<{ account: string; epoch: string; paused_until: string | null; pauses: number; pause_reason: string | null }>(
    `UPDATE ${db.table('targets')} SET owner = $1, epoch = epoch + 1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE account IN (SELECT account FROM ${db.table('targets')} WHERE lease_until < clock_timestamp() ORDER BY account FOR UPDATE SKIP LOCKED)
     RETURNING account, epoch, paused_until, pauses, pause_reason`, [owner, leaseMs]);
  return rows.map(({ account, epoch, paused_until, pauses, pause_reason }) => ({ account, epoch: Number(epoch), pausedUntil: Number(paused_until ?? 0), pauses, pauseReason: pause_reason }));
}

/** Prolongs what is still ours; resolves with the accounts that are. */
export async function renew(db: EngineDatabase, owner: string, leases: readonly Lease[], leaseMs: number): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ account: string }>(
    `UPDATE ${db.table('targets')} SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
     WHERE owner = $1 AND (account, epoch) IN (SELECT * FROM unnest($2::text[], $3::bigint[])) RETURNING account`,
    [owner, leases.map(({ account }) => account), leases.map(({ epoch }) => epoch), leaseMs]);
  return new Set(rows.map(({ account }) => account));
}

/** Makes targets known, so that somebody owns them. */
export async function knowTargets(client: PoolClient, db: EngineDatabase, accounts: readonly string[]): Promise<void> {
  if (accounts.length > 0) await client.query(prepared(`INSERT INTO ${db.table('targets')} (account) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING`, [accounts]));
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
