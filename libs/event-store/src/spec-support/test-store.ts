import type { Pool, PoolClient } from 'pg';
import { createPool } from '../create-pool';
import type { EventStore } from '../event-store';
import { migrateEventStore } from '../migrations/event-store.migrations';
import { openEventStore } from '../open-event-store';

/** Stores on one database, as replicas of a service have them; used by specs. */
export class TestStores {
  private readonly pools: Pool[] = [];
  private readonly stores: EventStore[] = [];
  private schemas = 0;

  private constructor(readonly url: string) {}

  static on(url: string): TestStores {
    return new TestStores(url);
  }

  pool(max = 20): Pool {
    const pool = createPool({ connectionString: this.url, max, applicationName: 'spec', onError: () => undefined });
    this.pools.push(pool);
    return pool;
  }

  /** A store on a fresh schema. */
  async fresh(): Promise<{ store: EventStore; pool: Pool; schema: string }> {
    const schema = `store_${++this.schemas}`;
    const pool = this.pool();
    await migrateEventStore(pool, { schema });
    return { store: await this.open(schema, pool), pool, schema };
  }

  async open(schema: string, pool = this.pool()): Promise<EventStore> {
    const store = await openEventStore({ pool, schema, source: 'identity' });
    this.stores.push(store);
    return store;
  }

  async close(): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    await Promise.all(this.pools.map((pool) => pool.end()));
  }
}

/** Runs in a transaction that is rolled back at the end. */
export async function rolledBack<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    return await work(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** How many rows each table of a store holds. */
export async function rowCounts(pool: Pool, schema: string): Promise<Record<string, number>> {
  const tables = ['events', 'heads', 'names', 'idempotency'];
  const counts = await Promise.all(tables.map((table) => pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.${table}`)));
  return Object.fromEntries(tables.map((table, i) => [table, counts[i]?.rows[0]?.n ?? -1]));
}

/** The code with which an append was refused; the error itself where it is another. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return 'not refused';
  } catch (error) {
    return error instanceof Error && 'refusal' in error ? error.refusal : error;
  }
}
