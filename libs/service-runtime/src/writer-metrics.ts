import type { Relay } from '@wami/event-log';
import type { EventStore } from '@wami/event-store';
import type { Metrics } from '@wami/platform';
import type { RecordedEvent } from '@wami/contracts';

/** The store, with what it writes counted, and how far what it wrote is on its way to others. What cannot be found out now is left out of a scrape. */
export function measuredStore(metrics: Metrics, source: string, store: EventStore, relay: Relay | undefined): EventStore {
  const appended = metrics.counter('wami_events_appended_total', 'Events written, by type; those of a transaction that was given up count too', ['source', 'type']);
  const told = (name: string, help: string, read: () => Promise<number>): void => {
    metrics.gauge(name, help, ['source'], async (gauge) => {
      gauge.reset();
      await read().then((value) => gauge.set({ source }, value), () => undefined);
    });
  };
  told('wami_log_gate_lag_seconds', 'For how long the oldest open transaction has held readers of the log back', () => store.gateLagSeconds());
  if (relay) told('wami_outbox_lag_events', 'Events stored and not yet published', async () => (await relay.lag()).events);
  const count = (events: readonly RecordedEvent[]): void => {
    for (const { type } of events) appended.inc({ source, type });
  };
  return {
    ...store,
    async append(append) {
      const result = await store.append(append);
      if (result.outcome === 'appended') count(result.events);
      return result;
    },
    async appendIn(client, appends) {
      const events = await store.appendIn(client, appends);
      count(events);
      return events;
    },
  };
}
