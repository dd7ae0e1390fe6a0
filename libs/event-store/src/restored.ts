import type { Pool } from 'pg';
import { quoteSchema } from './identifier';
import { inTransaction } from './transaction';

/** The events were restored from a dump of another cluster. The message is one line and names the remedy. */
export class RestoredElsewhere extends Error {
  readonly code = 'RestoredElsewhere';

  constructor(readonly schema: string) {
    super(`the events of schema ${schema} come from another database cluster and would stay hidden from every reader: `
      + `run \`wami admin restore --schema ${schema}\` once, or restore a physical backup (pg_basebackup)`);
  }
}

/** @throws RestoredElsewhere where events are of transactions that this cluster has not begun yet. */
export async function assertOfThisCluster(pool: Pool, schema: string): Promise<void> {
  const quoted = quoteSchema(schema);
  const { rows: [row] } = await pool.query<{ ahead: boolean | null }>(
    `SELECT greatest((SELECT tx FROM ${quoted}.events ORDER BY tx DESC LIMIT 1), (SELECT max(tx) FROM ${quoted}.heads))
      >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead`);
  if (row?.ahead) throw new RestoredElsewhere(schema);
}

/**
 * Makes a restored store readable: all events get places of this cluster, in the order that they had, and the store a new epoch, so
 * that readers with places of the old one refuse instead of skipping. Nobody else may use the schema meanwhile.
 */
export async function adoptRestoredStore(pool: Pool, { schema }: { readonly schema: string }): Promise<void> {
  const quoted = quoteSchema(schema);
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL statement_timeout = 0; LOCK TABLE ${quoted}.events, ${quoted}.heads IN ACCESS EXCLUSIVE MODE`);
    await client.query(`UPDATE ${quoted}.events e SET tx = pg_current_xact_id(), position = n.place
      FROM (SELECT tx, position, (SELECT max(position) FROM ${quoted}.events) + row_number() OVER (ORDER BY tx, position) AS place FROM ${quoted}.events) n
      WHERE e.tx = n.tx AND e.position = n.position`);
    await client.query(`SELECT setval(pg_get_serial_sequence($1, 'position'), (SELECT max(position) FROM ${quoted}.events))`, [`${quoted}.events`]);
    await client.query(`UPDATE ${quoted}.heads SET tx = pg_current_xact_id()`);
    await client.query(`UPDATE ${quoted}.store_info SET epoch = to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || '-' || left(gen_random_uuid()::text, 8)`);
  });
}
