import type { LogPosition } from './position';

/** An event that was decided and is not stored yet. `personal` holds names and mail addresses and nothing else does. */
export interface NewEvent<Type extends string = string, Data = unknown, Personal = unknown> {
  readonly type: Type;
  /** The aggregate's own stream: a resource id, `mem_...` for a membership, `aws/<account>/<resource id>` for a binding. */
  readonly stream: string;
  /** The resource that the event is about; events of one key stay in order on every transport. Ids only. */
  readonly key: string;
  /** Path of the tenant. */
  readonly tenant: string;
  /** ARN. */
  readonly subject: string;
  readonly data: Data;
  readonly personal: Personal;
}

/** Who and what caused an event. */
export interface EventMeta {
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** One subject was named by one request: no batch, no declaration, nothing that follows from something else. */
  readonly single?: true;
}

/** An event as the store holds it and as the log delivers it. */
export interface RecordedEvent<Type extends string = string, Data = unknown, Personal = unknown> extends NewEvent<Type, Data, Personal> {
  readonly id: string;
  /** Service that wrote it. */
  readonly source: string;
  /** Number of the event in its stream, from 1. */
  readonly version: number;
  /** Place in its source's log. */
  readonly position: LogPosition;
  /** RFC 3339. */
  readonly time: string;
  readonly meta: EventMeta;
  /** Where a transport could not read it: why. Its `type` is `UNREADABLE`, so that nobody takes it for anything and whoever parses it refuses it. */
  readonly unreadable?: string;
}

/** The type of what a transport brought and could not read. */
export const UNREADABLE = 'unreadable';
