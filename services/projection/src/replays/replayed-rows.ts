import type { ClientBase, Pool } from 'pg';
import { pageOf, readCursor, type Page, type Paging } from '../http/paging';
import type { ReadModel } from '../model/read-model';
import { isEmptyRow, physicalName, type AnyTable } from '../model/table';
import { replayedModels } from '../rebuild/generations';

type Row = Readonly<Record<string, unknown>>;

/** Rows of a table that the newest replay made, in the order of their keys; counters that are zero say nothing and are left out. None where none is kept. */
export async function replayedRows(pool: Pool, schema: string, models: readonly ReadModel[], query: Paging & { readonly table: string }): Promise<Page<Row>> {
  const kept = await replayedModels(pool as unknown as ClientBase, schema, models);
  const found = kept.flatMap(({ model, generation }) => model.tables.filter(({ name }) => name === query.table).map((table) => ({ table, generation })))[0];
  if (!found) return { items: [] };
  const { table, generation } = found;
  // Another replay is another list.
  const list = { ...query, generation: String(generation) };
  const after = readCursor(list, query.cursor, table.key.length);
  const key = table.key.join(', ');
  const places = table.key.map((column, i) => `$${i + 2}::${typeOf(table, column)}`);
  const { rows } = await pool.query<Row>(
    `SELECT ${Object.keys(table.columns).join(', ')} FROM ${schema}.${physicalName(table, generation)} ${after ? `WHERE (${key}) > (${places.join(', ')})` : ''} ORDER BY ${key} LIMIT $1`,
    [query.limit + 1, ...after ?? []]);
  const { items, ...page } = pageOf(rows, list, (row) => row, (row) => table.key.map((column) => String(row[column])));
  return { items: items.filter((row) => !isEmptyRow(table, row)), ...page };
}

/** `text COLLATE "C" NOT NULL` is a text. */
const typeOf = (table: AnyTable, column: string): string => table.columns[column]?.split(' ')[0] ?? 'text';
