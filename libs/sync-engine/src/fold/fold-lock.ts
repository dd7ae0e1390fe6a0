import type { PoolClient } from 'pg';

/**
 * One fold at a time over all replicas: a resource that is folded beside its tenant's change of settings would otherwise be missed by both.
 * To be taken first in a transaction, before it writes anything.
 */
export async function lockFold(client: PoolClient, schema: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['wami engine fold', schema]);
}
