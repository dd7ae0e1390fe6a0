import type { Reader } from '@wami/event-store';
import { pageOf, writeCursor, type Page, type Paging } from './paging';
import type { Where } from './where';

/** So many entries of an index are looked at for one page at most. */
export const MOST_ENTRIES = 2000;

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
}

/**
 * Entries of one index in its order, of which the rest of a query picks: a page reads no more than `MOST_ENTRIES` of them, however few fit.
 * `entries` is a part of a statement that has `values`; its columns are `o1`, `o2`, ... and what is `beside`.
 */
export class Walk {
  readonly entries: string;
  readonly values: readonly unknown[];
  private readonly lastSql: string;

  constructor({ from, where, order, beside = [], after, again = false }: WalkOptions) {
    if (after) where.and(`(${order.join(', ')}) ${again ? '>=' : '>'} (${after.map((part) => where.value(part)).join(', ')})`);
    const rest = `FROM ${from} WHERE ${where.sql} ORDER BY ${order.join(', ')}`;
    this.entries = `SELECT ${[...order.map((column, n) => `${column} AS o${n + 1}`), ...beside].join(', ')} ${rest} LIMIT ${MOST_ENTRIES}`;
    this.lastSql = `SELECT ARRAY[${order.join(', ')}] AS place ${rest} OFFSET ${MOST_ENTRIES - 1} LIMIT 1`;
    this.values = [...where.values];
  }

  /** The place of the last entry that is looked at; undefined where the index ends before. */
  async last(reader: Reader): Promise<readonly string[] | undefined> {
    const { rows: [last] } = await reader.query<{ place: readonly string[] }>(this.lastSql, [...this.values]);
    return last?.place;
  }
}

export interface Walked<R, T> {
  readonly reader: Reader;
  readonly walk: Walk;
  readonly rows: readonly R[];
  readonly filters: Paging;
  readonly toItem: (row: R) => T;
  readonly placeOf: (row: R) => readonly string[];
  /** What stands in a cursor behind the place of an entry, so that it lies after all that belongs to the entry. */
  readonly behind?: readonly string[];
}

/** A page that is not full and may go on: what was looked at ends with it, what there is does not. */
export async function walkedPage<R, T>({ reader, walk, rows, filters, toItem, placeOf, behind = [] }: Walked<R, T>): Promise<Page<T>> {
  const page = pageOf(rows, filters, toItem, placeOf);
  if (page.nextCursor !== undefined) return page;
  const last = await walk.last(reader);
  return last === undefined ? page : { ...page, nextCursor: writeCursor(filters, [...last, ...behind]) };
}
