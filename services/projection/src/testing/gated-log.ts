import type { EventBatch, EventLog } from '@wami/event-log';

/** The log, whose batches can be held back. */
export function gated(log: EventLog): EventLog & { hold(): void; release(): void } {
  let gate = Promise.resolve();
  let open: () => void = () => undefined;
  return {
    subscribe: (options) => log.subscribe({ ...options, onBatch: async (batch: EventBatch) => { await gate; await options.onBatch(batch); } }),
    opened: (events) => log.opened(events), health: () => log.health(), close: () => log.close(),
    hold: () => { gate = new Promise((resolve) => { open = resolve; }); },
    release: () => open(),
  };
}
