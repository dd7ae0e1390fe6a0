import { copyOut } from '@wami/event-store';
import { isMadeByRebuild } from '@wami/projection';
import { escapeIdentifier, type ClientBase } from 'pg';
import type { Part } from './places';

export interface FoundTable {
  readonly table: string;
  /** Without those that the database makes. */
  readonly columns: readonly string[];
}

/** The record of migrations stands in the manifest; the rest is made anew from what is saved. Every other table is saved, also one that nobody here has heard of. */
const isLeftOut = ({ service }: Part, table: string): boolean => table === 'migrations' || (service === 'projection' && isMadeByRebuild(table));

export async function tablesOf(client: ClientBase, part: Part): Promise<readonly FoundTable[]> {
  const { rows } = await client.query<FoundTable>(
    `SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname`, [escapeIdentifier(part.schema)]);
  return rows.filter(({ table }) => !isLeftOut(part, table));
}

/** How COPY names a table with these columns. */
export const copied = (schema: string, { table, columns }: FoundTable): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)} (${columns.map((column) => escapeIdentifier(column)).join(', ')})`;

/** All rows in COPY's text format, as they lie in the table. */
export const rowsOf = (client: ClientBase, schema: string, table: FoundTable): AsyncGenerator<Buffer> => copyOut(client, `COPY ${copied(schema, table)} TO STDOUT`);
