import { EventSchemaError, parseEvent, type RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { StreamUnreadable } from '../errors';
import { readWithin } from '../scope/reader';
import { quoteSchema } from '../identifier';
import type { PersonalData } from '../sealing/personal-data';
import { EVENT_COLUMNS, toRecordedEvent, type EventRow } from './event-row';
import type { StreamRead } from './stream-reader';

/** Brings an event of an older version to the one that this release knows; gives every other back as it is. */
export type Upcast = (event: RecordedEvent) => RecordedEvent;

export interface StreamSource {
  readonly schema: string;
  readonly source: string;
  readonly upcast: Upcast;
  readonly personal?: PersonalData | undefined;
}

type Row = EventRow & { readonly asked: number };

/** The events of each stream, opened, in the order of asking. Each stream is looked up by its key, whatever the size of the table was when the plan was made. */
export async function readStreams(
  pool: Pool, { schema, source, personal }: StreamSource, reads: readonly StreamRead[], scope?: string,
): Promise<readonly RecordedEvent[][]> {
  const { rows } = await readWithin<Row>(pool, scope, {
    name: `wami_streams_${schema}`.slice(0, 63),
    text: `SELECT r.asked::integer, e.* FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS r (stream, upto, asked)
      CROSS JOIN LATERAL (SELECT ${EVENT_COLUMNS} FROM ${quoteSchema(schema)}.events
        WHERE stream_id = r.stream AND version <= r.upto ORDER BY version) AS e`,
    values: [reads.map(({ stream }) => stream), reads.map(({ upToVersion }) => upToVersion)],
  });
  const recorded = rows.map((row) => toRecordedEvent(row, source));
  const events = personal ? await personal.open(recorded) : recorded;
  const streams = reads.map((): RecordedEvent[] => []);
  events.forEach((event, i) => streams[(rows[i]?.asked ?? 0) - 1]?.push(event));
  return streams;
}

/** @throws StreamUnreadable */
export function checkedEvents(events: readonly RecordedEvent[], { upcast }: StreamSource): readonly RecordedEvent[] {
  try {
    return events.map((event) => parseEvent(upcast(event)));
  } catch (error) {
    throw error instanceof EventSchemaError ? new StreamUnreadable(error) : error;
  }
}
