import type { RecordedEvent } from '../event-envelope';
import { withBlanks } from './blank-personal';

/** Brings the content of one published version to the next; everything else of the event stays. Pure, and never throws on an event that fits `from`. */
export interface Upcaster {
  readonly from: string;
  readonly to: string;
  readonly upcast: (event: RecordedEvent) => Pick<RecordedEvent, 'data' | 'personal'>;
}

/** One for each version that has a successor. */
export const UPCASTERS: readonly Upcaster[] = [
  { from: 'wami.tenant.sync-configured.v1', to: 'wami.tenant.sync-configured.v2', upcast: ({ data, personal }) => ({ data, personal }) },
];

/** These types and all their earlier versions: what has to be read for them where events stand as they were recorded. */
export function withEarlierVersions(types: readonly string[], upcasters: readonly Upcaster[] = UPCASTERS): readonly string[] {
  const asked = new Set(types);
  for (const type of asked) for (const { from } of upcasters.filter(({ to }) => to === type)) asked.add(from);
  return [...asked];
}

/** Other versions of these types, which a reader of these alone would miss: what was recorded before a version came, or comes since. */
export function versionsBeside(types: readonly string[], upcasters: readonly Upcaster[] = UPCASTERS): readonly string[] {
  const line = new Set(types);
  for (const type of line) for (const { from, to } of upcasters) if (from === type || to === type) line.add(from).add(to);
  return [...line].filter((type) => !types.includes(type));
}

/**
 * The event in the newest version of its type, with blanks where nothing is left of `personal`; run on everything that is read, before
 * its schema is checked.
 */
export function upcastEvent(event: RecordedEvent, upcasters: readonly Upcaster[] = UPCASTERS): RecordedEvent {
  const seen = new Set<string>();
  for (let now = withBlanks(event); ; ) {
    const next = upcasters.find(({ from }) => from === now.type);
    if (!next) return now;
    if (seen.has(now.type)) throw new Error(`the upcasters of ${event.type} go in a circle`);
    seen.add(now.type);
    now = { ...now, ...next.upcast(now), type: next.to };
  }
}
