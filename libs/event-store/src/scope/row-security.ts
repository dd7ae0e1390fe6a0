import { REQUEST_ROLE } from './request-role';

/**
 * Part of what the scope of the statement holds. A connection on which no scope was ever entered is an error, one on which it is over sees nothing:
 * PostgreSQL leaves the empty text, and no path is below it.
 */
export const inScope = (column: string): string => `(${column} >= current_setting('wami.from') AND ${column} < current_setting('wami.to'))`;

/** The same for a column that holds the bare path. */
export const tenantInScope = (column: string): string => inScope(`(${column} || '/')`);

/** SQL after which requests may read the table, and of it only the rows that `visible` holds. Names without a schema mean the one that is migrated. */
export function secureTable(table: string, visible: string): string {
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY request_scope ON ${table} FOR SELECT TO ${REQUEST_ROLE} USING (${visible});
    GRANT SELECT ON ${table} TO ${REQUEST_ROLE};`;
}

/** SQL after which requests may read a table or view without rows of tenants, or one whose own tables decide. */
export const openTable = (table: string): string => `GRANT SELECT ON ${table} TO ${REQUEST_ROLE};`;

/** SQL of a migration without which no grant on what is in its schema counts. */
export const OPEN_SCHEMA = `DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${REQUEST_ROLE}', current_schema()); END $$;`;
