import type { Pool } from 'pg';

export const LOG_CHANNEL = 'wami_log';
const INTERVAL_MS = 10;

/**
 * Tells who listens on `wami_log` that a schema has new events: at once after a pause, else at most once in 10 ms. Every listener polls
 * as well, so a message that gets lost costs time and nothing else.
 */
export class Notifier {
  private timer: NodeJS.Timeout | undefined;
  private again = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly pool: Pool, private readonly schema: string) {}

  announce(): void {
    if (this.timer) {
      this.again = true;
      return;
    }
    this.timer = setTimeout(() => this.rest(), INTERVAL_MS).unref();
    // A failure is no news: the pool reports broken connections, and listeners poll.
    this.sending = this.pool.query('SELECT pg_notify($1, $2)', [LOG_CHANNEL, this.schema]).then(() => undefined, () => undefined);
  }

  /** Resolves when no message is on its way. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.sending;
  }

  private rest(): void {
    this.timer = undefined;
    if (!this.again) return;
    this.again = false;
    this.announce();
  }
}
