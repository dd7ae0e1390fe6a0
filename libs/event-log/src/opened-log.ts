import type { RecordedEvent } from '@wami/contracts';
import type { PersonalData } from '@wami/event-store';
import type { EventLog } from './event-log';

/** The log with `personal` of every event opened on its way to the handler, but for what a subscription asks for sealed. */
export function openedLog(log: EventLog, personal: PersonalData): EventLog {
  return {
    subscribe(options) {
      const { sealed = false, onBatch } = options;
      if (sealed === true) return log.subscribe(options);
      const left = typeof sealed === 'function' ? sealed : () => false;
      return log.subscribe({
        ...options, onBatch: async (batch) => onBatch({ events: await open(batch.events, left), atRest: batch.atRest, savePosition: (client) => batch.savePosition(client) }),
      });
    },
    opened: (events) => personal.open(events),
    health: () => log.health(),
    close: () => log.close(),
  };

  async function open(events: readonly RecordedEvent[], left: (event: RecordedEvent) => boolean): Promise<readonly RecordedEvent[]> {
    const opened = (await personal.open(events.filter((event) => !left(event)))).values();
    return events.map((event) => (left(event) ? event : opened.next().value ?? event));
  }
}
