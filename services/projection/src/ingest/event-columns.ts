import type { EventMeta } from '@wami/contracts';
import type { Ingested } from '../model/read-model';

/** As the table `events` holds it. */
export interface EventRow {
  readonly seq: number;
  readonly id: string;
  readonly source: string;
  readonly position: string;
  readonly type: string;
  readonly tenant: string;
  readonly key: string;
  readonly stream: string;
  readonly version: number;
  readonly subject: string;
  readonly time: string;
  readonly data: unknown;
  readonly personal: unknown;
  readonly meta: EventMeta;
}

/** The columns of an EventRow, in the order that `eventOfArray` takes them. */
export const EVENT_COLUMNS = `seq, id, source, tx || '.' || pos AS position, type, tenant, key, stream, version, subject, time, data, personal, meta`;

type EventArray = [number, string, string, string, string, string, string, string, number, string, string, unknown, unknown, EventMeta];

/** Rows are taken as arrays where many are read: the fold of a rebuild is about as fast as the driver makes them. */
export function eventOfArray(row: unknown): Ingested {
  const [seq, id, source, position, type, tenant, key, stream, version, subject, time, data, personal, meta] = row as EventArray;
  return { seq, id, source, position, type, tenant, key, stream, version, subject, time, data, personal, meta } as Ingested;
}

/** What was checked when it was taken in. */
export const eventOfRow = (row: EventRow): Ingested => row as unknown as Ingested;
