import type { EventMeta, ImportableKind, SyncErrorCode } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { quoteIdentifier } from '../database/identifier';

/** An import that this target still has to be read for. A reading that was cut off begins anew; what it told before is not told again. */
export interface ImportRow {
  readonly job: string;
  readonly account: string;
  readonly tenant: string;
  readonly subject: string;
  readonly kinds: readonly ImportableKind[];
  readonly cause: EventMeta;
  readonly streamVersion: number;
  readonly chunks: number;
  readonly seen: number;
  readonly managed: number;
  readonly found: number;
  readonly attempts: number;
  readonly problems: readonly ImportProblem[];
}

export interface ImportProblem {
  readonly kind: string;
  readonly code: SyncErrorCode;
  readonly message: string;
}

const COLUMNS = `job, account, tenant, subject, kinds, cause, stream_version AS "streamVersion", chunks, seen, managed, found, attempts, problems`;

export const importTable = (db: EngineDatabase): string => `${quoteIdentifier(db.schema)}.engine_imports`;
const seenTable = (db: EngineDatabase): string => `${quoteIdentifier(db.schema)}.engine_imports_seen`;

export async function nextImport(db: EngineDatabase, account: string, now: number): Promise<ImportRow | undefined> {
  const { rows } = await db.pool.query<ImportRow>(`SELECT ${COLUMNS} FROM ${importTable(db)} WHERE account = $1 AND due_at <= $2 ORDER BY due_at, job LIMIT 1`, [account, now]);
  return rows[0];
}

/** As it stands, locked; undefined where it is done. */
export async function lockImport(client: PoolClient, db: EngineDatabase, { job, account }: Pick<ImportRow, 'job' | 'account'>): Promise<ImportRow | undefined> {
  const { rows } = await client.query<ImportRow>(`SELECT ${COLUMNS} FROM ${importTable(db)} WHERE job = $1 AND account = $2 FOR UPDATE`, [job, account]);
  return rows[0];
}

export async function saveProgress(client: PoolClient, db: EngineDatabase, { job, account, streamVersion, chunks, seen, managed, found, problems }: ImportRow): Promise<void> {
  await client.query(`UPDATE ${importTable(db)} SET stream_version = $3, chunks = $4, seen = $5, managed = $6, found = $7, problems = $8 WHERE job = $1 AND account = $2`,
    [job, account, streamVersion, chunks, seen, managed, found, JSON.stringify(problems)]);
}

export async function postponeImport(db: EngineDatabase, { job, account }: ImportRow, until: number, attempts: number): Promise<void> {
  await db.pool.query(`UPDATE ${importTable(db)} SET due_at = $3, attempts = $4 WHERE job = $1 AND account = $2`, [job, account, until, attempts]);
}

export async function forgetImport(client: PoolClient, db: EngineDatabase, { job, account }: ImportRow): Promise<void> {
  await client.query(`DELETE FROM ${seenTable(db)} WHERE job = $1 AND account = $2`, [job, account]);
  await client.query(`DELETE FROM ${importTable(db)} WHERE job = $1 AND account = $2`, [job, account]);
}

/** Notes that these were seen; gives those that were not before. */
export async function noteSeen(client: PoolClient, db: EngineDatabase, { job, account }: ImportRow, items: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ item: string }>(`INSERT INTO ${seenTable(db)} (job, account, item) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING RETURNING item`, [job, account, items]);
  return new Set(rows.map(({ item }) => item));
}
