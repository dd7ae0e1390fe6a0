import { Client, type ClientBase, type Pool } from 'pg';
import { quoteSchema } from '../identifier';
import { POOL_LIMITS } from '../create-pool';

/** One step forward of a schema. A released one is never edited. */
export interface Migration {
  /** Sorts after its predecessors and is unique within the tool: `001-events`. */
  readonly id: string;
  /** Statements; names without a schema mean the schema that is migrated. */
  readonly up: string;
}

/** The database was migrated by a newer release. The message is one line and names the remedy. */
export class DatabaseTooNew extends Error {
  readonly code = 'DatabaseTooNew';

  constructor(readonly schema: string, readonly unknown: readonly string[]) {
    super(`schema ${schema} was migrated by a newer release (${unknown.join(', ')}): install that release or restore the backup taken before`);
  }
}

export interface MigrationsOf {
  /** Made where it does not exist. */
  readonly schema: string;
  /** Who owns these migrations; several may share a schema (`event-store`, `identity`). */
  readonly tool: string;
  readonly migrations: readonly Migration[];
}

export type MigrateOptions = ({ readonly pool: Pool } | { readonly client: ClientBase } | { readonly connectionString: string }) & MigrationsOf;

/**
 * Brings a schema up to this release: all missing migrations in one transaction, or none. Replicas that start together wait for
 * each other (at most a minute). Resolves with the ids that were run. A given client must not be in a transaction.
 * @throws DatabaseTooNew
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  if ('client' in options) return inOneTransaction(options.client, options);
  if ('pool' in options) return onPool(options.pool, options);
  const client = new Client({ connectionString: options.connectionString, connectionTimeoutMillis: POOL_LIMITS.connect });
  await client.connect();
  return inOneTransaction(client, options).finally(() => client.end());
}

async function onPool(pool: Pool, options: MigrateOptions): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    const done = await inOneTransaction(client, options);
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function inOneTransaction(client: ClientBase, options: MigrateOptions): Promise<readonly string[]> {
  await client.query('BEGIN');
  try {
    const done = await migrateWithin(client, options);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    // The first error is the one to report; a connection that cannot roll back is closed and the server rolls back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** As `migrate`, in the caller's transaction. @throws DatabaseTooNew */
export async function migrateWithin(client: ClientBase, { schema, tool, migrations }: MigrationsOf): Promise<readonly string[]> {
  await client.query(`SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '10min'`);
  await enterSchema(client, schema);
  const { rows } = await client.query<{ id: string }>('SELECT id FROM migrations WHERE tool = $1 ORDER BY id', [tool]);
  const unknown = rows.map((row) => row.id).filter((id) => !migrations.some((migration) => migration.id === id));
  if (unknown.length > 0) throw new DatabaseTooNew(schema, unknown);
  const missing = migrations.filter((migration) => !rows.some((row) => row.id === migration.id));
  for (const migration of missing) await run(client, tool, migration);
  return missing.map((migration) => migration.id);
}

async function run(client: ClientBase, tool: string, migration: Migration): Promise<void> {
  await client.query(migration.up);
  await client.query('INSERT INTO migrations (tool, id) VALUES ($1, $2)', [tool, migration.id]);
}

/** Makes the schema where it is missing, and everything without a schema mean it, until the transaction ends. */
async function enterSchema(client: ClientBase, schema: string): Promise<void> {
  const quoted = quoteSchema(schema);
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['wami migrate', schema]);
  const { rows: [state] } = await client.query<{ known: boolean }>('SELECT to_regnamespace($1) IS NOT NULL AS known', [quoted]);
  if (!state?.known) await client.query(`CREATE SCHEMA ${quoted}`);
  await client.query(`SET LOCAL search_path TO ${quoted}`);
  const { rows: [table] } = await client.query<{ known: boolean }>('SELECT to_regclass($1) IS NOT NULL AS known', [`${quoted}.migrations`]);
  if (!table?.known) {
    await client.query('CREATE TABLE migrations (tool text, id text, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tool, id))');
  }
}

export interface MigrationStep {
  readonly tool: string;
  readonly migration: Migration;
}

/** Makes a schema by these steps, one after the other, in the caller's transaction: as it was elsewhere, when it was saved there. */
export async function makeSchema(client: ClientBase, schema: string, steps: readonly MigrationStep[]): Promise<void> {
  await enterSchema(client, schema);
  for (const { tool, migration } of steps) await run(client, tool, migration);
}
