import { encodePosition } from './position';
import type { RecordedEvent } from './event-envelope';

/** CloudEvents 1.0 in JSON, with our extensions (all lower case, as the specification asks). */
export interface WamiCloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly data: unknown; readonly personal: unknown };
  readonly tenant: string;
  readonly key: string;
  readonly stream: string;
  readonly streamversion: number;
  readonly position: string;
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly traceparent?: string;
  readonly single?: true;
}

/** `position` is what a reader may resume from; by default the place in the event's own source. */
export function toCloudEvent(event: RecordedEvent, position = encodePosition({ [event.source]: event.position })): WamiCloudEvent {
  const { actor, correlationId, causationId, traceparent, single } = event.meta;
  return {
    specversion: '1.0', id: event.id, source: event.source, type: event.type, subject: event.subject, time: event.time,
    datacontenttype: 'application/json', data: { data: event.data, personal: event.personal }, tenant: event.tenant, key: event.key,
    stream: event.stream, streamversion: event.version, position, actor, correlationid: correlationId,
    ...(causationId === undefined ? {} : { causationid: causationId }), ...(traceparent === undefined ? {} : { traceparent }), ...(single ? { single } : {}),
  };
}
