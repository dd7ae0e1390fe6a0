import { prepared } from '@wami/event-store';
import type { ClientBase } from 'pg';
import { arrayType, isJson, type AnyTable, type Table } from './table';

/** One array for each column, as `unnest` takes them. */
function arraysOf<R extends object>(table: Table<R>, rows: readonly R[]): unknown[][] {
  const columns = Object.entries(table.columns) as [keyof R & string, string][];
  return columns.map(([name, type]) => rows.map((row) => {
    const value = row[name];
    return isJson(type) && value !== null ? JSON.stringify(value) : value;
  }));
}

function insertSql(name: string, table: AnyTable): string {
  const columns = Object.entries(table.columns);
  const values = columns.map(([column, type]) => (isJson(type) ? `n.${column}::jsonb` : `n.${column}`));
  const arrays = columns.map(([, type], i) => `$${i + 1}::${arrayType(type)}`);
  const names = columns.map(([column]) => column).join(', ');
  return `INSERT INTO ${name} AS t (${names}) SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS n(${names})`;
}

/** Rows that cannot be there yet. */
export async function insertRows<R extends object>(client: ClientBase, name: string, table: Table<R>, rows: readonly R[]): Promise<void> {
  if (rows.length > 0) await client.query(insertSql(name, table), arraysOf(table, rows));
}

/** @throws where the guard refused a row: somebody else has folded a later event into it, which the writer's lock rules out. */
export async function upsertRows<R extends object>(client: ClientBase, name: string, table: Table<R>, rows: readonly R[]): Promise<void> {
  if (rows.length === 0) return;
  const others = Object.keys(table.columns).filter((column) => !(table.key as readonly string[]).includes(column));
  const guard = table.guard === undefined ? '' : ` WHERE t.${table.guard} <= excluded.${table.guard}`;
  const action = others.length === 0 ? 'NOTHING' : `UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}${guard}`;
  const { rowCount } = await client.query(prepared(`${insertSql(name, table)} ON CONFLICT (${table.key.join(', ')}) DO ${action}`, arraysOf(table, rows)));
  if (others.length > 0 && rowCount !== rows.length) throw new Error(`${table.name}: ${rows.length - (rowCount ?? 0)} rows are newer than the events folded into them`);
}

export async function addRows<R extends object>(client: ClientBase, name: string, table: Table<R>, rows: readonly R[]): Promise<void> {
  if (rows.length === 0) return;
  const { counter } = table;
  if (counter === undefined) throw new Error(`${table.name} holds no counters`);
  const conflict = `ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${counter} = t.${counter} + excluded.${counter}`;
  await client.query(prepared(`${insertSql(name, table)} ${conflict}`, arraysOf(table, rows)));
}
