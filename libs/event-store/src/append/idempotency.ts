import { LOG_START } from '@wami/contracts';
import type { ClientBase, Pool } from 'pg';
import { quoteSchema } from '../identifier';
import type { Reader } from '../scope/reader';
import { AppendRefused, type Append, type IdempotencyKey, type Repeated } from '../event-store';

type Question = Pick<IdempotencyKey, 'tenant' | 'actor' | 'key' | 'requestHash'>;

interface KeyRow {
  request_hash: string;
  status: number;
  stream_id: string;
  version: number;
  position: string | null;
}

/**
 * The answer kept under a key of the last 24 hours, if there is one.
 * @throws AppendRefused `IdempotencyKeyReused`
 */
export async function findRepeated(db: Reader, schema: string, { tenant, actor, key, requestHash }: Question): Promise<Repeated | undefined> {
  const quoted = quoteSchema(schema);
  const { rows: [row] } = await db.query<KeyRow>({
    name: `wami_repeated_${schema}`.slice(0, 63),
    text: `SELECT k.request_hash, k.status, k.stream_id, k.version, e.tx || '.' || e.position AS position
      FROM ${quoted}.idempotency k LEFT JOIN ${quoted}.events e ON e.stream_id = k.stream_id AND e.version = k.version
      WHERE k.tenant = $1 AND k.actor = $2 AND k.key = $3 AND k.created_at >= now() - interval '24 hours'`,
    values: [tenant, actor, key],
  });
  if (!row) return undefined;
  if (row.request_hash !== requestHash) throw new AppendRefused({ code: 'IdempotencyKeyReused' });
  return { outcome: 'repeated', stream: row.stream_id, version: row.version, status: row.status, position: row.position ?? LOG_START };
}

/** SQL after an INSERT into the table `k`: takes the place of an expired key, and does nothing where one is alive. */
export const REPLACE_EXPIRED_KEY = `ON CONFLICT (tenant, actor, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status,
  stream_id = excluded.stream_id, version = excluded.version, created_at = excluded.created_at
  WHERE k.created_at < now() - interval '24 hours'`;

/** Keeps the answer of a command that changed nothing; false where the key is taken. */
export async function keepAnswer(client: ClientBase, schema: string, { idempotency, stream, expectedVersion }: Append): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO ${quoteSchema(schema)}.idempotency AS k (tenant, actor, key, request_hash, status, stream_id, version)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ${REPLACE_EXPIRED_KEY}`,
    [idempotency?.tenant, idempotency?.actor, idempotency?.key, idempotency?.requestHash, idempotency?.status, stream, expectedVersion]);
  return rowCount === 1;
}

/** Deletes keys older than 24 hours, the oldest first, at most `limit`. */
export async function purgeIdempotencyKeys(db: Pool, schema: string, limit: number): Promise<number> {
  const table = `${quoteSchema(schema)}.idempotency`;
  const { rowCount } = await db.query(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE created_at < now() - interval '24 hours' ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED))`,
    [limit],
  );
  return rowCount ?? 0;
}
