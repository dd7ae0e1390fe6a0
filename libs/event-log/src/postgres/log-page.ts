import { laterPosition, type EventMeta, type LogPosition, type RecordedEvent, type Source } from '@wami/contracts';
import { NOT_AHEAD, oldestOpenTx, type Ahead } from '@wami/event-store';
import { escapeIdentifier, escapeLiteral, type Pool } from 'pg';

/** Which schema holds the events of a source. */
export interface SourceSchema {
  readonly source: Source;
  readonly schema: string;
}

/** What one has to know of a store to read it. */
export interface StoreInfo {
  readonly epoch: string;
  readonly ahead: Ahead;
}

/** Where `from: 'now'` begins: everything that this snapshot could not see. */
export interface StartOfNow {
  readonly snapshot: string;
  /** No event that the snapshot could not see is at or before this place. */
  readonly position: LogPosition;
}

interface Row {
  readonly source: Source;
  readonly tx: string;
  readonly position: string;
  readonly tenant: string;
  readonly stream_id: string;
  readonly version: number | string;
  readonly event_id: string;
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly data: unknown;
  readonly personal: unknown;
  readonly meta: EventMeta;
  readonly recorded_at: Date;
}

/**
 * The next events of each source after its cursor, in log order within the source, at most `limit` of each. An event waits while any
 * older transaction is open: the gate and the rows come from one snapshot, so nothing can appear behind the cursor later.
 */
export async function readPages(
  pool: Pool, from: readonly (SourceSchema & Partial<Pick<StoreInfo, 'ahead'>> & { readonly after: LogPosition })[], limit: number, since?: StartOfNow,
): Promise<readonly RecordedEvent[][]> {
  if (from.length === 0) return [];
  const values: (string | number)[] = [limit];
  const pages = from.map(({ source, schema, after, ahead = NOT_AHEAD }) => {
    const [tx = '0', position = '0'] = (since ? laterPosition(after, movedAhead(since.position, ahead)) : after).split('.');
    values.push(tx, position);
    const unseen = since ? ` AND NOT pg_visible_in_snapshot(${txHere(ahead)}, ${escapeLiteral(since.snapshot)}::pg_snapshot)` : '';
    return `(SELECT ${escapeLiteral(source)} AS source, tx::text, position::text, tenant, stream_id, version, event_id, type, key, subject,
        data, personal, meta, recorded_at FROM ${escapeIdentifier(schema)}.published_events
      WHERE (published_events.tx, published_events.position) > ($${values.length - 1}::xid8, $${values.length}::bigint)
        AND published_events.tx < ${oldestOpenTx(ahead)}${unseen}
      ORDER BY published_events.tx, published_events.position LIMIT $1)`;
  });
  const { rows } = await pool.query<Row>(pages.join('\nUNION ALL\n'), values);
  return from.map(({ source }) => rows.filter((row) => row.source === source).map(toEvent));
}

const movedAhead = (position: LogPosition, ahead: Ahead): LogPosition => position.replace(/^\d+/, (tx) => String(BigInt(tx) + BigInt(ahead)));

/** SQL for an event's transaction as this cluster counts it; 3 is older than every snapshot. */
const txHere = (ahead: Ahead): string => (ahead === NOT_AHEAD ? 'tx' : `greatest(tx::text::bigint - ${ahead}, 3)::text::xid8`);

/** The sources whose events can be read by now; the others' services have not made their tables yet. */
export async function readySources(pool: Pool, sources: readonly SourceSchema[]): Promise<ReadonlyMap<Source, StoreInfo>> {
  const { rows } = await pool.query<{ there: boolean }>(
    `SELECT bool_and(to_regclass(view) IS NOT NULL) AS there
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n(events, store, i), unnest(ARRAY[events, store]) AS view GROUP BY i ORDER BY i`,
    [sources.map(({ schema }) => `${escapeIdentifier(schema)}.published_events`), sources.map(({ schema }) => `${escapeIdentifier(schema)}.published_store`)],
  );
  const there = sources.filter((_, i) => rows[i]?.there === true);
  if (there.length === 0) return new Map();
  // A service of the release before has not told yet whether it is ahead: then it is not.
  const infos = there.map(({ source, schema }) => `SELECT ${escapeLiteral(source)} AS source, epoch, coalesce(to_jsonb(s)->>'tx_ahead', '${NOT_AHEAD}') AS ahead
    FROM ${escapeIdentifier(schema)}.published_store s`);
  const found = await pool.query<StoreInfo & { source: Source }>(infos.join(' UNION ALL '));
  return new Map(found.rows.map(({ source, epoch, ahead }) => [source, { epoch, ahead }]));
}

/** A transaction that is open now and commits later is unseen by this snapshot, and its events are after this place. */
export async function startOfNow(pool: Pool): Promise<StartOfNow> {
  const { rows } = await pool.query<{ snapshot: string; xmin: string }>(
    'SELECT s::text AS snapshot, pg_snapshot_xmin(s)::text AS xmin FROM pg_current_snapshot() AS s',
  );
  const [row] = rows;
  if (!row) throw new Error('PostgreSQL gave no snapshot');
  return { snapshot: row.snapshot, position: `${row.xmin}.0` };
}

function toEvent(row: Row): RecordedEvent {
  return {
    id: row.event_id, source: row.source, type: row.type, stream: row.stream_id, version: Number(row.version), key: row.key, tenant: row.tenant,
    subject: row.subject, data: row.data, personal: row.personal, position: `${row.tx}.${row.position}`, time: row.recorded_at.toISOString(),
    meta: row.meta,
  };
}
