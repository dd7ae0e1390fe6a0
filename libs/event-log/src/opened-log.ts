import type { PersonalData } from '@wami/event-store';
import type { EventLog } from './event-log';

/** The log with `personal` of every event opened on its way to the handler, but for subscriptions that ask for it sealed. */
export function openedLog(log: EventLog, personal: PersonalData): EventLog {
  return {
    subscribe: (options) => log.subscribe(options.sealed === true ? options : {
      ...options, onBatch: async (batch) => options.onBatch({ events: await personal.open(batch.events), savePosition: (client) => batch.savePosition(client) }),
    }),
    health: () => log.health(),
    close: () => log.close(),
  };
}
