import type { ClientBase } from 'pg';

/**
 * For the tables of an engine that were just restored, in the same transaction: nobody owns its targets, and this pause of everything holds from the first moment,
 * not only once its event was read.
 */
export async function holdRestoredEngine(client: ClientBase, schema: string, pause: { readonly id: string; readonly startedAt: string }): Promise<void> {
  await client.query(`UPDATE "${schema}".engine_targets SET owner = NULL, lease_until = '-infinity'`);
  await client.query(`DELETE FROM "${schema}".engine_replicas`);
  await client.query(`INSERT INTO "${schema}".engine_pauses (id, tenant, started_at) VALUES ($1, '', $2)`, [pause.id, pause.startedAt]);
}
