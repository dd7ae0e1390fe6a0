import type { Reader } from '@wami/event-store';
import { pageOf, writeCursor, type Page, type Paging } from './paging';
import type { Where } from './where';

/** So many entries of an index are looked at for one page at most, where the row of each is looked up to see whether it fits. */
export const MOST_ENTRIES = 300;
/** So many for a page of `limit`: what is asked for by nothing but the index is on a full page. */
export const entriesFor = (limit: number): number => Math.max(MOST_ENTRIES, limit + 1);
/** The same where the index itself tells. */
export const MOST_IN_INDEX = 5000;

export interface WalkOptions {
  /** What is walked along, with its alias. */
  readonly from: string;
  /** What one index bounds, and nothing else. */
  readonly where: Where;
  /** Columns in the order of that index. */
  readonly order: readonly string[];
  /** Columns that the index holds beside those. */
  readonly beside?: readonly string[];
  /** Where the page before ended. */
  readonly after?: readonly string[];
  /** The entry at `after` is looked at again: not all that belongs to it was on the page. */
  readonly again?: boolean;
  /** Entries that are looked at. */
  readonly most: number;
}

/**
 * Entries of one index in its order, of which the rest of a query picks: a page reads no more than `most` of them, however few fit.
 * `entries` is a part of a statement that has `values`; its columns are `o1`, `o2`, ... and what is `beside`.
 */
export class Walk {
  readonly entries: string;
  readonly values: readonly unknown[];
  private readonly lastSql: string;

  constructor({ from, where, order, beside = [], after, again = false, most }: WalkOptions) {
    if (after) where.and(`(${order.join(', ')}) ${again ? '>=' : '>'} (${after.map((part) => where.value(part)).join(', ')})`);
    const rest = `FROM ${from} WHERE ${where.sql} ORDER BY ${order.join(', ')}`;
    this.entries = `SELECT ${[...order.map((column, n) => `${column} AS o${n + 1}`), ...beside].join(', ')} ${rest} LIMIT ${most}`;
    this.lastSql = `SELECT ARRAY[${order.join(', ')}] AS place ${rest} OFFSET ${most - 1} LIMIT 1`;
    this.values = [...where.values];
  }

  /** The place of the last entry that is looked at; undefined where the index ends before. */
  async last(reader: Reader): Promise<readonly string[] | undefined> {
    const { rows: [last] } = await reader.query<{ place: readonly string[] }>(this.lastSql, [...this.values]);
    return last?.place;
  }
}

/** How many entries each has, of those that one page would look at: the one with the fewest is the way to read. */
export async function fewest(reader: Reader, ways: readonly Pick<WalkOptions, 'from' | 'where'>[]): Promise<number> {
  if (ways.length < 2) return 0;
  const values: unknown[] = [];
  const counts = ways.map(({ from, where }) => {
    const sql = where.sql.replace(/\$(\d+)/g, (_all, number: string) => `$${values.length + Number(number)}`);
    values.push(...where.values);
    return `(SELECT count(*)::integer FROM (SELECT 1 FROM ${from} WHERE ${sql} LIMIT ${MOST_ENTRIES}) w)`;
  });
  const { rows: [counted] } = await reader.query<{ counts: readonly number[] }>(`SELECT ARRAY[${counts.join(', ')}] AS counts`, values);
  const found = counted?.counts ?? [];
  return found.indexOf(Math.min(...found));
}

/** A row that is looked up for each entry by itself: the planner would rather read all that a tenant has, where it takes that for little. */
export const oneOf = (table: string, where: string, columns = '*'): string => `SELECT ${columns} FROM ${table} WHERE ${where} LIMIT 1`;

export interface Walked<R, T> {
  readonly reader: Reader;
  readonly walk: Walk;
  readonly rows: readonly R[];
  readonly filters: Paging;
  readonly toItem: (row: R) => T;
  readonly placeOf: (row: R) => readonly string[];
  /** What makes the place of an entry one behind all rows that belong to it. */
  readonly behind?: readonly string[];
  /** What the cursor tells of a place; by itself the place. */
  readonly cursorOf?: (place: readonly string[]) => readonly string[];
}

/** A page that is not full and may go on: what was looked at ends with it, what there is does not. */
export async function walkedPage<R, T>({ reader, walk, rows, filters, toItem, placeOf, behind = [], cursorOf = (place) => place }: Walked<R, T>): Promise<Page<T>> {
  const page = pageOf(rows, filters, toItem, (row) => cursorOf(placeOf(row)));
  if (page.nextCursor !== undefined) return page;
  const last = await walk.last(reader);
  return last === undefined ? page : { ...page, nextCursor: writeCursor(filters, cursorOf([...last, ...behind])) };
}
