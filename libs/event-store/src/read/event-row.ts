import type { EventMeta, RecordedEvent } from '@wami/contracts';

/** A row of `published_events`, as `EVENT_COLUMNS` selects it. */
export interface EventRow {
  readonly place: string;
  readonly tenant: string;
  readonly stream_id: string;
  readonly version: number;
  readonly event_id: string;
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly data: unknown;
  readonly personal: unknown;
  readonly meta: EventMeta;
  readonly recorded_at: Date;
}

export const EVENT_COLUMNS = `tx || '.' || position AS place, tenant, stream_id, version, event_id, type, key, subject, data, personal, meta, recorded_at`;

export function toRecordedEvent(row: EventRow, source: string): RecordedEvent {
  return {
    id: row.event_id, source, type: row.type, stream: row.stream_id, key: row.key, tenant: row.tenant, subject: row.subject, version: row.version,
    position: row.place, time: row.recorded_at.toISOString(), data: row.data, personal: row.personal, meta: row.meta,
  };
}
