import type { LogPosition } from '@wami/contracts';
import { keyOf, type Rows } from './rows';
import type { AnyTable, Table } from './table';

type Index = Map<unknown, Map<string, object>>;

/** Rows in memory: for a pure fold, and for what a rebuild keeps at hand. */
export class MemoryRows implements Rows {
  private readonly tables = new Map<string, Map<string, object>>();
  private readonly indexes = new Map<string, Index>();

  constructor(private readonly times: (positions: readonly LogPosition[]) => Promise<ReadonlyMap<LogPosition, string>> = () => Promise.resolve(new Map())) {}

  find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]> {
    const index = this.indexOf(table, column);
    return Promise.resolve(values.flatMap((value) => [...(index.get(value)?.values() ?? [])]) as R[]);
  }

  async page<R extends object>(table: Table<R>, column: keyof R & string, value: string, after: string, limit: number): Promise<R[]> {
    const order = table.key[0] ?? column;
    const rows = await this.find(table, column, [value]);
    return rows.filter((row) => String(row[order]) > after).sort((a, b) => (String(a[order]) < String(b[order]) ? -1 : 1)).slice(0, limit);
  }

  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    for (const row of rows) this.set(table, keyOf(table, row), row);
    return Promise.resolve();
  }

  add<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void> {
    const { counter } = table;
    if (counter === undefined) throw new Error(`${table.name} holds no counters`);
    for (const row of rows) {
      const key = keyOf(table, row);
      const before = this.of(table).get(key) as R | undefined;
      this.set(table, key, { ...row, [counter]: Number(before?.[counter] ?? 0) + Number(row[counter]) });
    }
    return Promise.resolve();
  }

  async remove<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<void> {
    for (const row of await this.find(table, column, values)) this.set(table, keyOf(table, row), undefined);
  }

  eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
    return this.times(positions);
  }

  /** Every row of a table, in no order. */
  all(table: AnyTable): Iterable<object> {
    return this.tables.get(table.name)?.values() ?? [];
  }

  private of(table: { readonly name: string }): Map<string, object> {
    const rows = this.tables.get(table.name) ?? new Map<string, object>();
    this.tables.set(table.name, rows);
    return rows;
  }

  private set<R extends object>(table: Table<R>, key: string, row: R | undefined): void {
    const rows = this.of(table);
    const before = rows.get(key) as R | undefined;
    if (row) rows.set(key, row);
    else rows.delete(key);
    for (const column of Object.keys(table.columns) as (keyof R & string)[]) {
      const index = this.indexes.get(`${table.name}.${column}`);
      if (!index) continue;
      if (before) index.get(before[column])?.delete(key);
      if (row) into(index, row[column], key, row);
    }
  }

  private indexOf<R extends object>(table: Table<R>, column: keyof R & string): Index {
    const name = `${table.name}.${column}`;
    const known = this.indexes.get(name);
    if (known) return known;
    const index: Index = new Map();
    for (const [key, row] of this.of(table)) into(index, (row as R)[column], key, row);
    this.indexes.set(name, index);
    return index;
  }
}

function into(index: Index, value: unknown, key: string, row: object): void {
  const rows = index.get(value) ?? new Map<string, object>();
  rows.set(key, row);
  index.set(value, rows);
}
