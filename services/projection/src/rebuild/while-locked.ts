import type { Pool, PoolClient } from 'pg';

/** Does the work where no other process of this schema does what has this name; one that holds the lock and dies gives it up, for it is the session's. */
export async function whileLocked(pool: Pool, schema: string, name: string, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    if (await tryLock(client, schema, name)) {
      await work();
      await client.query('SELECT pg_advisory_unlock(hashtext($1), hashtext($2))', [name, schema]);
    }
    broken = false;
  } finally {
    client.release(broken);
  }
}

async function tryLock(client: PoolClient, schema: string, name: string): Promise<boolean> {
  const { rows: [lock] } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock(hashtext($1), hashtext($2)) AS got', [name, schema]);
  return lock?.got ?? false;
}
