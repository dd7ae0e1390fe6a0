import { LOG_START, type ArnType, type LogPosition, type NewEvent, type RecordedEvent } from '@wami/contracts';

/** What commands and queries need to know of a decider to load its streams. */
export interface Aggregate<State, Event extends NewEvent> {
  readonly kind: ArnType;
  /** Ids of its streams; what does not fit names nothing, and the database is not asked. */
  readonly idPattern: RegExp;
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
  /** False before the first event and after the deletion. */
  readonly exists: (state: State) => boolean;
}

/** A stream folded to its end. `version` 0: there is no such stream. */
export interface Loaded<State> {
  readonly id: string;
  readonly state: State;
  readonly version: number;
  /** Place of the last event. */
  readonly position: LogPosition;
  /** Path of the tenant; '' where there is no such stream. */
  readonly tenant: string;
  /** Time of the last event, RFC 3339. */
  readonly updatedAt: string;
}

/** Folds events on top of what was loaded before; the events are of that aggregate, as the store checked. */
export function fold<State, Event extends NewEvent>(
  aggregate: Aggregate<State, Event>, id: string, events: readonly RecordedEvent[], before?: Loaded<State>,
): Loaded<State> {
  const last = events.at(-1);
  if (!last) return before ?? { id, state: aggregate.initialState, version: 0, position: LOG_START, tenant: '', updatedAt: '' };
  const state = events.reduce((current, event) => aggregate.evolve(current, event as unknown as Event), before?.state ?? aggregate.initialState);
  return { id, state, version: last.version, position: last.position, tenant: last.tenant, updatedAt: last.time };
}

/** Pattern of the opaque ids that begin with this prefix. */
export const opaqueId = (prefix: string): RegExp => new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);
