import { parseEvent, type RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { quoteSchema } from '../identifier';
import { EVENT_COLUMNS, toRecordedEvent, type EventRow } from './event-row';

/** Brings an event of an older version to the one that this release knows; gives every other back as it is. */
export type Upcast = (event: RecordedEvent) => RecordedEvent;

export async function readStream(
  pool: Pool, { schema, source, upcast }: { readonly schema: string; readonly source: string; readonly upcast: Upcast }, stream: string, upToVersion?: number,
): Promise<readonly RecordedEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name: `wami_stream_${schema}`.slice(0, 63),
    text: `SELECT ${EVENT_COLUMNS} FROM ${quoteSchema(schema)}.events WHERE stream_id = $1 AND version <= $2 ORDER BY version`,
    values: [stream, upToVersion ?? 2 ** 31 - 1],
  });
  return rows.map((row) => parseEvent(upcast(toRecordedEvent(row, source))));
}
