import { EventSchemaError, type RecordedEvent } from '@wami/contracts';

/** Events of one source and key stay in order, so those behind a parked one must wait with it. */
export const lineOf = ({ source, key }: Pick<RecordedEvent, 'source' | 'key'>): string => `${source}\u0000${key}`;

/** Why an event waits that may be fine itself. */
export const BEHIND = 'an earlier event of the same key is parked';

export interface Parked {
  readonly event: RecordedEvent;
  readonly reason: string;
}

/** What a log says of it. */
export const loggedOf = ({ event, reason }: Parked): object => ({ event: event.id, type: event.type, tenant: event.tenant, resource: event.key, correlation: event.meta.correlationId, reason });

/** Which lines are closed, and what is put aside. */
export class Sieve<E extends RecordedEvent> {
  readonly parked: Parked[] = [];
  private readonly closed: Set<string>;

  /** @param read the event as it is folded. @throws EventSchemaError where this release cannot read it */
  constructor(private readonly read: (event: RecordedEvent) => E, closed: Iterable<string> = []) {
    this.closed = new Set(closed);
  }

  /** The events that can be folded; the others are put aside with the reason. */
  sift(events: readonly RecordedEvent[]): readonly E[] {
    return events.flatMap((event) => {
      if (!this.isOpen(event)) return this.park(event, BEHIND);
      try {
        return [this.read(event)];
      } catch (error) {
        if (!(error instanceof EventSchemaError)) throw error;
        return this.park(event, error.message);
      }
    });
  }

  isOpen(event: RecordedEvent): boolean {
    return this.closed.size === 0 || !this.closed.has(lineOf(event));
  }

  /** Puts it aside, and closes its line. */
  park(event: RecordedEvent, reason: string): [] {
    this.closed.add(lineOf(event));
    this.parked.push({ event, reason });
    return [];
  }
}
