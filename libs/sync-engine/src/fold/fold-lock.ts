import type { PoolClient } from 'pg';

const NAME = 'wami engine fold';

/**
 * One fold at a time over all replicas: a resource that is folded beside its tenant's change of settings would otherwise be missed by both.
 * To be taken first in a transaction, before it writes anything.
 */
export async function lockFold(client: PoolClient, schema: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', [NAME, schema]);
}

/** The same for who need not wait: whether it has the turn. Nothing else of its process is held up while another replica folds. */
export async function tryLockFold(client: PoolClient, schema: string): Promise<boolean> {
  const { rows: [row] } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2)) AS got', [NAME, schema]);
  return row?.got === true;
}
