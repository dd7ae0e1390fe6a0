import { keyOf, type Rows } from './rows';
import type { Table } from './table';

/** Adds moves of counters, those of one row together; what cancels out is not written. */
export async function addUp<R extends { readonly count: number }>(rows: Rows, table: Table<R>, moves: readonly R[]): Promise<void> {
  const sums = new Map<string, R>();
  for (const move of moves) {
    const key = keyOf(table, move);
    sums.set(key, { ...move, count: move.count + (sums.get(key)?.count ?? 0) });
  }
  await rows.add(table, [...sums.values()].filter(({ count }) => count !== 0));
}
