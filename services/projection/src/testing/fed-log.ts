import type { RecordedEvent } from '@wami/contracts';
import type { EventBatch, EventLog, SubscribeOptions } from '@wami/event-log';

/** A log whose batches a test hands over itself, also twice, also such as no store would give out. */
export class FedLog implements EventLog {
  private onBatch: SubscribeOptions['onBatch'] | undefined;

  subscribe({ onBatch }: SubscribeOptions): ReturnType<EventLog['subscribe']> {
    this.onBatch = onBatch;
    return Promise.resolve({ position: () => Promise.resolve({}), health: () => ({ ok: true }), close: () => Promise.resolve() });
  }

  health(): { ok: true } {
    return { ok: true };
  }

  opened(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return Promise.resolve(events);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Rejects where the projection does; nothing is repeated. */
  async feed(events: readonly RecordedEvent[], savePosition: EventBatch['savePosition'] = () => Promise.resolve()): Promise<void> {
    if (!this.onBatch) throw new Error('nobody has subscribed');
    await this.onBatch({ events, atRest: events, savePosition });
  }

  async feedAll(batches: readonly (readonly RecordedEvent[])[]): Promise<void> {
    for (const batch of batches) await this.feed(batch);
  }
}
