import { migrateCheckpoints } from '@wami/event-log';
import { createPool, migrate, migrateEventStore, openEventStore, type EventStore } from '@wami/event-store';
import type { Pool, PoolClient } from 'pg';
import { SYNC_ENGINE_MIGRATIONS } from '../migrations';

export const SCHEMA = 'sync_aws';

/** Settings of the server under which the same statements give their rows in the same order every time. */
export const SERVER_SETTINGS = {
  fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: '20', shared_buffers: '64MB',
} as const;

const SESSION = `SET search_path = sim, pg_catalog, public; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;
  SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
  SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET lock_timeout = 0`;

/** Seeds. To truncate is slow, and what was deleted is looked through by every statement. */
const VACUUM_EVERY = 25;

/** One event store and one engine's tables, emptied between seeds, with the two connections that a seed uses. */
export class SimulationDatabase {
  /** Read by the store; set by each run. */
  now: () => number = () => 0;
  nextEventId: () => string = () => '';
  private tables: readonly string[] = [];
  private emptied = 0;

  private constructor(readonly pool: Pool, readonly writes: PoolClient, readonly reads: PoolClient) {}

  store!: EventStore;

  static async open(url: string): Promise<SimulationDatabase> {
    const pool = createPool({ connectionString: url, max: 4, applicationName: 'simulation', onError: () => undefined });
    await migrateEventStore(pool, { schema: SCHEMA });
    await migrateCheckpoints(pool, SCHEMA);
    await migrate({ pool, schema: SCHEMA, tool: 'sync-engine', migrations: SYNC_ENGINE_MIGRATIONS });
    await pool.query(`CREATE SCHEMA IF NOT EXISTS sim; CREATE OR REPLACE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS $$ SELECT pg_catalog.to_timestamp(pg_catalog.current_setting('sim.now')::float8 / 1000) $$`);
    const [writes, reads] = [await pool.connect(), await pool.connect()];
    for (const client of [writes, reads]) await client.query(SESSION);
    const database = new SimulationDatabase(pool, writes, reads);
    database.store = await openEventStore({ pool, schema: SCHEMA, source: 'sync-aws', clock: () => new Date(database.now()), newEventId: () => database.nextEventId() });
    const { rows } = await pool.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = $1
       AND (tablename LIKE 'engine_%' OR tablename IN ('events', 'heads', 'checkpoints', 'names', 'idempotency', 'subject_keys')) ORDER BY 1`, [SCHEMA]);
    database.tables = rows.map(({ name }) => name);
    await pool.query(`CREATE OR REPLACE FUNCTION sim.empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${database.tables.map((table) => `DELETE FROM ${table};`).join(' ')} END $$`);
    return database;
  }

  /** Nothing of the seed before is left. `wholly`: nor room that rows had, for where more rows than a page holds are written what is equal comes in the order of their places. */
  async empty(wholly: boolean): Promise<void> {
    await this.writes.query('ROLLBACK');
    if (wholly) return void await this.writes.query(`TRUNCATE ${this.tables.join(', ')}`);
    await this.writes.query('SELECT sim.empty()');
    if (++this.emptied % VACUUM_EVERY === 0) for (const table of this.tables) await this.writes.query(`VACUUM ${table}`);
  }

  async close(): Promise<void> {
    this.writes.release();
    this.reads.release();
    await this.store.close();
    await this.pool.end();
  }
}
