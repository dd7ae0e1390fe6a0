import { parseEvent, type NewEvent, type RecordedEvent } from '@wami/contracts';
import { InvalidAppend } from '../errors';
import type { Append, AppendResult } from '../event-store';
import type { NewSubjectKey } from '../sealing/subject-keys';
import { nameKey, nameRows, plainDigest, type NameDigest, type NameRow } from './names';

/** An append that was checked, with everything computed that does not depend on the moment it is written. */
export interface PreparedAppend {
  readonly append: Append;
  /** Version of the stream afterwards. */
  readonly version: number;
  readonly events: readonly PreparedEvent[];
  readonly references: readonly string[];
  readonly reserved: readonly NameRow[];
  readonly released: readonly NameRow[];
  /** Keys that are stored with the events that they seal. */
  readonly subjectKeys: readonly NewSubjectKey[];
  /** What no second append of the same statement may touch. */
  readonly writes: readonly string[];
}

export interface PreparedEvent {
  readonly event: NewEvent;
  readonly id: string;
  readonly version: number;
  readonly schemaVersion: number;
  /** JSON. */
  readonly data: string;
  readonly personal: string;
  readonly meta: string;
}

/** @throws EventSchemaError, InvalidAppend */
export function prepareAppend(append: Append, newEventId: () => string, digest: NameDigest = plainDigest): PreparedAppend {
  const stray = append.events.find((event) => event.stream !== append.stream);
  if (stray) throw new InvalidAppend(append, `an event is of stream ${stray.stream}`);
  if (append.closes && append.events.length === 0) throw new InvalidAppend(append, 'closes without an event');
  const { reserved, released } = nameRows(append, digest);
  const meta = JSON.stringify(append.meta);
  return {
    append,
    version: append.expectedVersion + append.events.length,
    events: append.events.map((event, i) => prepareEvent(event, newEventId(), append.expectedVersion + i + 1, meta)),
    references: append.references ? [...new Set(append.references)].sort() : [],
    reserved,
    released,
    subjectKeys: [],
    writes: thingsWritten(append, [...reserved, ...released]),
  };
}

function prepareEvent(event: NewEvent, id: string, version: number, meta: string): PreparedEvent {
  parseEvent(event);
  return {
    event, id, version, schemaVersion: schemaVersion(event.type), data: JSON.stringify(event.data), personal: JSON.stringify(event.personal), meta,
  };
}

function thingsWritten({ stream, idempotency: key }: Append, names: readonly NameRow[]): string[] {
  const things = [`stream ${stream}`, ...names.map((row) => `name ${nameKey(row)}`)];
  if (key) things.push(`key ${key.tenant}\n${key.actor}\n${key.key}`);
  return things;
}

/** `wami.user.created.v1` is of version 1. */
function schemaVersion(type: string): number {
  return Number(/\.v(\d+)$/.exec(type)?.[1] ?? 1);
}

/** The stored form of the events, given where they were put. */
export function recordedEvents(prepared: PreparedAppend, place: { source: string; tx: string; positions: readonly string[]; time: string }): RecordedEvent[] {
  const { meta } = prepared.append;
  // Field by field: several times faster than a spread, and this runs for every event.
  return prepared.events.map(({ event, id, version }, i) => ({
    id, source: place.source, type: event.type, stream: event.stream, key: event.key, tenant: event.tenant, subject: event.subject, version,
    position: `${place.tx}.${place.positions[i]}`, time: place.time, data: event.data, personal: event.personal, meta,
  }));
}

export function appended(prepared: PreparedAppend, events: readonly RecordedEvent[]): AppendResult {
  const position = events.at(-1)?.position;
  if (position === undefined) throw new InvalidAppend(prepared.append, 'no event');
  return { outcome: 'appended', version: prepared.version, position, events };
}
