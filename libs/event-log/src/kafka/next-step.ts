import type { RecordedEvent, Source } from '@wami/contracts';
import { standing, type Mark } from '../marks/mark';
import type { SubscriptionState } from '../subscription-state';
import type { LogRecord, UnreadableRecord } from './record';

/** A record of a partition; without `record` where it is none of ours. */
export interface Placed {
  readonly offset: string;
  readonly record: LogRecord | UnreadableRecord | undefined;
}

export interface Step {
  /** New ones only, in order. */
  readonly events: readonly RecordedEvent[];
  /** Marks of all sources once this step is done. */
  readonly marks: readonly Mark[];
  /** How many records it covers. */
  readonly length: number;
}

/**
 * The next events to handle: repeats (the relay's, or the group's own after a failure) are dropped by the marks, events of an older
 * epoch are refused, records of other sources are passed over.
 */
export function nextStep(records: readonly Placed[], marks: readonly Mark[], batchSize: number, state: SubscriptionState): Step {
  const reached = new Map(marks.map((mark) => [mark.source, mark]));
  const events: RecordedEvent[] = [];
  let length = 0;
  while (length < records.length && events.length < batchSize) {
    const { record: found } = records[length++] ?? {};
    const record = found?.kind === 'unreadable' ? placed(found, reached) : found;
    const mark = record && reached.get(record.source);
    if (!record) state.stats.foreign++;
    if (!record || !mark) continue;
    if (record.kind === 'unplaced') {
      events.push(record.event);
      continue;
    }
    const place = standing(mark, record.epoch, record.position);
    if (place === 'older') refuse(record, mark, state);
    if (place === 'repeat' && record.kind === 'event') state.stats.repeats++;
    if (place !== 'new') continue;
    state.trouble(`epoch ${record.source}`, undefined);
    reached.set(record.source, { ...mark, epoch: record.epoch, position: record.position });
    if (record.kind === 'event') events.push(record.event);
  }
  const next = String(BigInt(records[length - 1]?.offset ?? '-1') + 1n);
  return { events, length, marks: [...reached.values()].map((mark) => ({ ...mark, nextOffset: next })) };
}

interface Unplaced {
  readonly kind: 'unplaced';
  readonly source: Source;
  readonly event: RecordedEvent;
}

/**
 * What cannot be read has its place like any other where its headers tell it; else it comes where it stands in the partition, each time that is read. Of
 * which source it is, if nothing tells, is the first one's of the topic.
 */
function placed({ source: told, epoch, position, event }: UnreadableRecord, reached: ReadonlyMap<Source, Mark>): LogRecord | Unplaced | undefined {
  const source = told ?? reached.keys().next().value;
  const mark = source === undefined ? undefined : reached.get(source);
  if (source === undefined || !mark) return undefined;
  const whole: RecordedEvent = { ...event, source, position: position ?? mark.position };
  return epoch !== undefined && position !== undefined ? { kind: 'event', source, epoch, position, event: whole } : { kind: 'unplaced', source, event: whole };
}

function refuse(record: LogRecord, mark: Mark, state: SubscriptionState): void {
  state.stats.refused++;
  state.trouble(`epoch ${record.source}`, `${record.source}: an event of epoch ${record.epoch} refused, epoch ${mark.epoch} was there before`);
}
