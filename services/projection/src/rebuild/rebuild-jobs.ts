import { newId } from '@wami/platform';
import type { ClientBase, Pool } from 'pg';

export type RebuildPhase = 'waiting' | 'first' | 'keys' | 'indexes' | 'catch-up' | 'done' | 'failed';

export interface RebuildJob {
  readonly job: string;
  readonly models: readonly string[];
  readonly phase: RebuildPhase;
  /** Events up to this number are written key by key, later ones in their order. */
  readonly upto: number;
  /** Keys up to this one are written. */
  readonly cursor_key: string;
  readonly events: number;
  readonly total: number;
  readonly error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

type Db = Pick<Pool | ClientBase, 'query'>;

const COLUMNS = 'job, models, phase, upto, cursor_key, events, total, error, created_at, finished_at';

/** A job for these models; where an unfinished one includes them all, that one. */
export async function requestRebuild(db: Db, schema: string, models: readonly string[]): Promise<string> {
  const { rows: [running] } = await (db as Pool).query<{ job: string }>(
    `SELECT job FROM ${schema}.rebuilds WHERE phase NOT IN ('done', 'failed') AND models @> $1::text[] ORDER BY created_at LIMIT 1`, [models]);
  if (running) return running.job;
  const job = newId('job');
  await (db as Pool).query(`INSERT INTO ${schema}.rebuilds (job, models, phase) VALUES ($1, $2, 'waiting')`, [job, models]);
  return job;
}

export async function nextRebuild(db: Db, schema: string): Promise<RebuildJob | undefined> {
  const { rows: [job] } = await (db as Pool).query<RebuildJob>(
    `SELECT ${COLUMNS} FROM ${schema}.rebuilds WHERE phase NOT IN ('done', 'failed') ORDER BY created_at, job LIMIT 1`);
  return job;
}

export async function findRebuild(db: Db, schema: string, job: string): Promise<RebuildJob | undefined> {
  const { rows: [found] } = await (db as Pool).query<RebuildJob>(`SELECT ${COLUMNS} FROM ${schema}.rebuilds WHERE job = $1`, [job]);
  return found;
}

export async function newestRebuilds(db: Db, schema: string, limit: number): Promise<readonly RebuildJob[]> {
  const { rows } = await (db as Pool).query<RebuildJob>(`SELECT ${COLUMNS} FROM ${schema}.rebuilds ORDER BY created_at DESC, job LIMIT $1`, [limit]);
  return rows;
}

export interface RebuildProgress {
  readonly phase?: RebuildPhase;
  readonly upto?: number;
  readonly cursorKey?: string;
  /** Added to what was done. */
  readonly events?: number;
  readonly error?: string;
}

export async function moveRebuild(db: Db, schema: string, job: string, { phase, upto, cursorKey, events = 0, error }: RebuildProgress): Promise<void> {
  const finished = phase === 'done' || phase === 'failed';
  await (db as Pool).query(
    `UPDATE ${schema}.rebuilds SET phase = coalesce($2, phase), upto = coalesce($3, upto), total = coalesce($3, total), cursor_key = coalesce($4, cursor_key),
       events = least(events + $5, coalesce($3, total)), error = $6, finished_at = CASE WHEN $7 THEN now() END WHERE job = $1`,
    [job, phase ?? null, upto ?? null, cursorKey ?? null, events, error ?? null, finished]);
}
