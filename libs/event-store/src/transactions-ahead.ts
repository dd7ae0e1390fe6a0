/**
 * By how many transactions a store is ahead of its cluster, decimal: '0' unless it was restored. Its events keep the places that they had in the cluster of
 * before, so transactions of this one are counted from where that one was, and more.
 */
export type Ahead = string;

export const NOT_AHEAD: Ahead = '0';

/** SQL for the number of our own transaction, as events carry it. */
export const ourTx = (ahead: Ahead): string => counted('pg_current_xact_id()', ahead);

/** SQL for the oldest transaction that is open: below it nothing can appear any more. */
export const oldestOpenTx = (ahead: Ahead): string => counted('pg_snapshot_xmin(pg_current_snapshot())', ahead);

/** SQL for the first transaction that has not begun. */
export const nextTx = (ahead: Ahead): string => counted('pg_snapshot_xmax(pg_current_snapshot())', ahead);

function counted(tx: string, ahead: Ahead): string {
  if (!/^\d{1,18}$/.test(ahead)) throw new RangeError(`no number of transactions: ${ahead}`);
  return ahead === NOT_AHEAD ? tx : `(${tx}::text::bigint + ${ahead})::text::xid8`;
}
