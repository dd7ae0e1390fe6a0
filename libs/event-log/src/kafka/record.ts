import { toCloudEvent, UNREADABLE, type EventMeta, type LogPosition, type RecordedEvent, type Source } from '@wami/contracts';
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';

/** What a relay writes: an event, or a watermark ("everything of this source up to here is in this partition's past"). */
export type LogRecord = {
  readonly source: Source;
  readonly epoch: string;
  readonly position: LogPosition;
} & ({ readonly kind: 'event'; readonly event: RecordedEvent } | { readonly kind: 'watermark' });

/** A record of ours that cannot be read, as an event that says so. Its source and place are known where their headers are whole. */
export interface UnreadableRecord {
  readonly kind: 'unreadable';
  readonly source: Source | undefined;
  readonly epoch: string | undefined;
  readonly position: LogPosition | undefined;
  readonly event: Omit<RecordedEvent, 'source' | 'position'>;
}
type Received = Pick<KafkaMessage, 'key' | 'value' | 'headers' | 'offset' | 'timestamp'>;

/** CloudEvents 1.0 in binary content mode; what the log itself needs stands in `wami_` headers beside it. */
export function encodeEvent(event: RecordedEvent, epoch: string): Message {
  return encode(event, { wami_epoch: epoch, wami_position: event.position });
}

/** The same without what makes it a record of the log: whoever follows the log passes over it. */
export function encodeCopy(event: RecordedEvent, job: string): Message {
  return encode(event, { wami_replay: job });
}

function encode(event: RecordedEvent, own: IHeaders): Message {
  const { data, datacontenttype, ...attributes } = toCloudEvent(event);
  const headers: IHeaders = { 'content-type': datacontenttype, ...own };
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) headers[`ce_${name}`] = String(value);
  return { key: event.key, value: JSON.stringify(data), headers };
}

export function encodeWatermark(source: Source, epoch: string, position: LogPosition): Message {
  return { key: null, value: null, headers: { wami_watermark: source, wami_epoch: epoch, wami_position: position } };
}

/** Undefined where the record is none of ours, or a watermark that the next one makes good. An event that cannot be read is never passed over: whoever handles events parks it. */
export function readRecord(message: Received, partition: string): LogRecord | UnreadableRecord | undefined {
  try {
    return decodeRecord(message);
  } catch (error) {
    if (headersOf(message)('wami_watermark') !== undefined) return undefined;
    return unreadable(message, partition, error instanceof Error ? error.message : 'unknown error');
  }
}

function unreadable(message: Received, partition: string, why: string): UnreadableRecord {
  const header = headersOf(message);
  const [position, type, time] = [header('wami_position'), header('ce_type'), Number(message.timestamp)];
  const version = Number(header('ce_streamversion'));
  const key = message.key?.toString() ?? '';
  return {
    kind: 'unreadable', source: header('ce_source'), epoch: header('wami_epoch'), position: position !== undefined && isPosition(position) ? position : undefined,
    event: {
      id: header('ce_id') ?? `rec_${partition.replaceAll(/[^A-Za-z0-9]/g, '_')}_${message.offset}`, type: UNREADABLE, stream: header('ce_stream') ?? key, version: Number.isSafeInteger(version) ? version : 0, key,
      tenant: header('ce_tenant') ?? '', subject: header('ce_subject') ?? '', data: {}, personal: {}, time: new Date(Number.isFinite(time) ? time : 0).toISOString(), meta: { actor: '', correlationId: '' },
      unreadable: `${partition}: ${why}${type === undefined ? '' : ` (${type})`}`,
    },
  };
}

const isPosition = (text: string): boolean => /^\d+\.\d+$/.test(text);

function headersOf({ headers }: Pick<KafkaMessage, 'headers'>): (name: string) => string | undefined {
  return (name) => {
    const value = headers?.[name];
    return value === undefined || Array.isArray(value) ? undefined : value.toString();
  };
}

/**
 * Undefined where the record is none of ours.
 * @throws Error where it is ours and cannot be read: it must not be passed over.
 */
export function decodeRecord(message: Pick<KafkaMessage, 'key' | 'value' | 'headers' | 'offset'>): LogRecord | undefined {
  const header = headersOf(message);
  const epoch = header('wami_epoch');
  const position = header('wami_position');
  if (epoch === undefined || position === undefined) return undefined;
  if (!isPosition(position)) throw new Error(`record ${message.offset}: header wami_position is no position`);
  const marked = header('wami_watermark');
  if (marked !== undefined) return { kind: 'watermark', source: marked, epoch, position };
  const event = decodeEvent(message, position, header);
  return { kind: 'event', source: event.source, epoch, position, event };
}

function decodeEvent(
  message: Pick<KafkaMessage, 'key' | 'value' | 'offset'>, position: LogPosition, header: (name: string) => string | undefined,
): RecordedEvent {
  const need = (name: string): string => {
    const value = header(`ce_${name}`);
    if (value === undefined) throw new Error(`record ${message.offset}: header ce_${name} is missing`);
    return value;
  };
  const { data, personal } = contentOf(message);
  const meta: EventMeta = {
    actor: need('actor'), correlationId: need('correlationid'),
    ...optional('causationId', header('ce_causationid')), ...optional('traceparent', header('ce_traceparent')),
    ...(header('ce_single') === 'true' ? { single: true } : {}),
  };
  return {
    id: need('id'), source: need('source'), type: need('type'), stream: need('stream'), version: Number(need('streamversion')), key: need('key'),
    tenant: need('tenant'), subject: need('subject'), data, personal, position, time: need('time'), meta,
  };
}

function contentOf({ value, offset }: Pick<KafkaMessage, 'value' | 'offset'>): { readonly data: unknown; readonly personal: unknown } {
  try {
    const content: unknown = JSON.parse(value?.toString('utf8') ?? '');
    if (typeof content === 'object' && content !== null && 'data' in content) {
      return { data: content.data, personal: 'personal' in content ? content.personal : undefined };
    }
  } catch {
    // Said below, without the parser's message: it would quote the content.
  }
  throw new Error(`record ${offset}: its content is not the JSON of an event`);
}

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [K in Name]?: string } {
  return value === undefined ? {} : { [name]: value } as { readonly [K in Name]?: string };
}
