import { ensureRequestRole, inTransaction, migrate } from '@wami/event-store';
import type { Pool } from 'pg';
import { lockIngest } from '../ingest/insert-events';
import { PROJECTION_MIGRATIONS } from '../ingest/projection.migrations';
import { READ_MODELS } from '../model/read-models';
import { prepareGenerations } from '../rebuild/generations';

/** The tables of a projection that has taken nothing in, in an empty database. */
export async function emptyProjection(pool: Pool, schema: string): Promise<void> {
  await ensureRequestRole(pool);
  await migrate({ pool, schema, tool: 'projection', migrations: PROJECTION_MIGRATIONS });
  await inTransaction(pool, async (client) => {
    await prepareGenerations(client, schema, READ_MODELS, await lockIngest(client, schema));
  });
}
