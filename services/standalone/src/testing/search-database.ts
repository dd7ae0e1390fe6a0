import type { Pool } from 'pg';
import { wordsIn } from './planted';

export interface Searched {
  /** `schema.table.column` of everything that was looked at. */
  readonly places: readonly string[];
  /** Those that hold one of the words, and which. */
  readonly hits: readonly { readonly place: string; readonly words: readonly string[] }[];
}

/**
 * Every value of every column of every table of every schema that is not PostgreSQL's own, whatever its type: also what is no table of ours, and
 * tables that nobody reads any more.
 */
export async function searchDatabase(pool: Pool, words: readonly string[]): Promise<Searched> {
  const { rows: columns } = await pool.query<{ schema: string; table: string; column: string }>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
     ORDER BY 1, 2, a.attnum`);
  const hits: { place: string; words: string[] }[] = [];
  for (const { schema, table, column } of columns) {
    // Bytes come as hex.
    const { rows } = await pool.query<{ text: string | null }>(`SELECT string_agg("${column}"::text, E'\\n') AS text FROM "${schema}"."${table}"`);
    const found = wordsIn(rows[0]?.text ?? '', words);
    if (found.length > 0) hits.push({ place: `${schema}.${table}.${column}`, words: found });
  }
  return { places: columns.map(({ schema, table, column }) => `${schema}.${table}.${column}`), hits };
}

/** `projection.resources_g3.name` -> `projection.resources.name`: the same column of another generation of a read model. */
export const ofAnyGeneration = (place: string): string => place.replace(/_g\d+\./, '.');
