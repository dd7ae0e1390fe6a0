import type { LogPosition } from '@wami/contracts';
import type { Table } from './table';

/** What a read model's fold works on: its own rows, in the database or in memory. */
export interface Rows {
  /** The rows whose column holds one of the values. */
  find<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<R[]>;
  /** Rows whose column holds the value, in the order of the table's first key column, after `after`; at most `limit`. */
  page<R extends object>(table: Table<R>, column: keyof R & string, value: string, after: string, limit: number): Promise<R[]>;
  /** Inserts rows or replaces those of the same key. No key may stand twice in one call. */
  put<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void>;
  /** Adds each row's counter to the one of its key. */
  add<R extends object>(table: Table<R>, rows: readonly R[]): Promise<void>;
  remove<R extends object>(table: Table<R>, column: keyof R & string, values: readonly string[]): Promise<void>;
  /** When the events at these places of identity's log happened, as far as they were taken in. */
  eventTimes(positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>>;
}

/** The key of a row as one text. */
export function keyOf<R extends object>(table: Table<R>, row: R): string {
  return table.key.map((column) => String(row[column])).join('\u0000');
}
