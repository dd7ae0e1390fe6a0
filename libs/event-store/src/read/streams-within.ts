import type { Pool } from 'pg';
import type { EventStore } from '../event-store';
import { quoteSchema } from '../identifier';

/** '~' follows every character of an id, '0' follows '/': ranges of the collation "C". */
export async function streamsWithin(pool: Pool, schema: string, { tenant, prefix, after, limit }: Parameters<EventStore['streamsWithin']>[0]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ stream_id: string }>(
    `SELECT stream_id FROM ${quoteSchema(schema)}.heads WHERE stream_id > $1 AND stream_id < $2
       AND ($3 = '' OR tenant = $3 OR (tenant > $3 || '/' AND tenant < $3 || '0')) ORDER BY stream_id LIMIT $4`,
    [after > prefix ? after : prefix, `${prefix}~`, tenant, limit]);
  return rows.map(({ stream_id }) => stream_id);
}
