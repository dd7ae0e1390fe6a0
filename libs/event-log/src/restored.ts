import type { Source } from '@wami/contracts';
import type { AdoptedStore } from '@wami/event-store';
import { escapeIdentifier, type ClientBase } from 'pg';

/**
 * Marks of a schema that was restored together with the stores that they are of: they go on in the stores' new epochs, so that records of the old ones, which tell
 * of what the restored stores do not hold, are refused. Kafka's partitions are read again from their start. A mark beyond the end of its store stays, and
 * that store is read again from its start.
 */
export async function adoptMarks(client: ClientBase, schema: string, stores: ReadonlyMap<Source, AdoptedStore>): Promise<void> {
  const table = `${escapeIdentifier(schema)}.checkpoints`;
  await client.query(`UPDATE ${table} SET next_offset = 0`);
  for (const [source, { oldEpoch, epoch, head = { tx: '0', position: '0' } }] of stores) {
    await client.query(`UPDATE ${table} SET epoch = $3 WHERE source = $1 AND epoch = $2 AND (tx, position) <= ($4::xid8, $5::bigint)`, [source, oldEpoch, epoch, head.tx, head.position]);
  }
}

/** Everything is published again, in the new epoch, to whichever brokers the service is started with. */
export async function forgetPublished(client: ClientBase, schema: string): Promise<void> {
  await client.query(`DELETE FROM ${escapeIdentifier(schema)}.relay`);
}
