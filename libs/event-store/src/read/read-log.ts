import type { LogPosition } from '@wami/contracts';
import type { ClientBase, Pool } from 'pg';
import type { LogPage } from '../event-store';
import { quoteSchema } from '../identifier';
import { NOT_AHEAD, oldestOpenTx, type Ahead } from '../transactions-ahead';
import { EVENT_COLUMNS, toRecordedEvent, type EventRow } from './event-row';

interface ReadStore {
  readonly schema: string;
  readonly source: string;
  /** Default: it is not. */
  readonly ahead?: Ahead;
}

/**
 * A page of a service's log, read through its published view: committed events after `after` in the order (tx, position), at most
 * `limit`. Never skips and never reorders. The gate belongs to the same statement as the rows: asked a moment before or after, it
 * would speak of other transactions than the rows do.
 */
export async function readLogPage(
  db: Pool | ClientBase, { schema, source, ahead = NOT_AHEAD }: ReadStore, after: LogPosition, limit: number,
): Promise<LogPage> {
  // Rows that no open transaction can come before: everything below was committed or rolled back when the statement began.
  const belowOpenTransactions = `tx < ${oldestOpenTx(ahead)}`;
  const [tx, position] = after.split('.');
  const { rows } = await db.query<EventRow>({
    name: `wami_log_${schema}${ahead === NOT_AHEAD ? '' : ahead}`.slice(0, 63),
    text: `SELECT ${EVENT_COLUMNS} FROM ${quoteSchema(schema)}.published_events
      WHERE (tx, position) > ($1::xid8, $2::bigint) AND ${belowOpenTransactions} ORDER BY tx, position LIMIT $3`,
    values: [tx, position, limit],
  });
  const events = rows.map((row) => toRecordedEvent(row, source));
  return { events, next: events.at(-1)?.position ?? after };
}

/** Age in seconds, at `now`, of the oldest committed event that the gate still keeps from readers. */
export async function gateLagSeconds(db: Pool, schema: string, now: Date, ahead: Ahead): Promise<number> {
  const { rows: [oldest] } = await db.query<{ recorded_at: Date }>(
    `SELECT recorded_at FROM ${quoteSchema(schema)}.events WHERE tx >= ${oldestOpenTx(ahead)} ORDER BY tx, position LIMIT 1`);
  return oldest ? Math.max(0, (now.getTime() - oldest.recorded_at.getTime()) / 1000) : 0;
}
