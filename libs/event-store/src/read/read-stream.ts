import { parseEvent, type RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { readWithin } from '../scope/reader';
import { quoteSchema } from '../identifier';
import { EVENT_COLUMNS, toRecordedEvent, type EventRow } from './event-row';
import type { StreamRead } from './stream-reader';

/** Brings an event of an older version to the one that this release knows; gives every other back as it is. */
export type Upcast = (event: RecordedEvent) => RecordedEvent;

export interface StreamSource {
  readonly schema: string;
  readonly source: string;
  readonly upcast: Upcast;
}

type Row = EventRow & { readonly asked: number };

/** The rows of each stream, in the order of asking. Each stream is looked up by its key, whatever the size of the table was when the plan was made. */
export async function readStreams(
  pool: Pool, { schema }: Pick<StreamSource, 'schema'>, reads: readonly StreamRead[], scope?: string,
): Promise<readonly EventRow[][]> {
  const { rows } = await readWithin<Row>(pool, scope, {
    name: `wami_streams_${schema}`.slice(0, 63),
    text: `SELECT r.asked::integer, e.* FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS r (stream, upto, asked)
      CROSS JOIN LATERAL (SELECT ${EVENT_COLUMNS} FROM ${quoteSchema(schema)}.events
        WHERE stream_id = r.stream AND version <= r.upto ORDER BY version) AS e`,
    values: [reads.map(({ stream }) => stream), reads.map(({ upToVersion }) => upToVersion)],
  });
  const streams = reads.map((): EventRow[] => []);
  for (const row of rows) streams[row.asked - 1]?.push(row);
  return streams;
}

/** @throws EventSchemaError */
export function checkedEvents(rows: readonly EventRow[], { source, upcast }: StreamSource): readonly RecordedEvent[] {
  return rows.map((row) => parseEvent(upcast(toRecordedEvent(row, source))));
}
