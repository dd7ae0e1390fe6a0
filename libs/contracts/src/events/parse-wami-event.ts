import type { RecordedEvent } from '../event-envelope';
import { parseData, parseEvent, type WamiEvent } from './registry';
import { upcastEvent } from './upcasters';

/** Brings the event to the newest version of its type, then as `parseEvent`, typed: the schemas are the types. `personal` must be opened. */
export function parseWamiEvent(event: RecordedEvent): WamiEvent {
  return parseEvent(upcastEvent(event)) as WamiEvent;
}

type WithoutPersonal<E> = E extends WamiEvent ? Omit<E, 'personal'> : never;
export type ImpersonalEvent = WithoutPersonal<WamiEvent>;

/** For whoever does not look at `personal` and therefore needs nobody's key: only `data` is checked. */
export function parseWithoutPersonal(event: RecordedEvent): ImpersonalEvent {
  return parseData(upcastEvent(event)) as unknown as ImpersonalEvent;
}
