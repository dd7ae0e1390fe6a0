import type { Clock } from '../seams';

/** The time that a call has; it stands still while a request of the call waits for its turn. */
export class CallTime {
  private end: number;
  private waiting = new Set<Promise<unknown>>();

  constructor(private readonly clock: Clock, ms: number) {
    this.end = clock.now() + ms;
  }

  /** Milliseconds. */
  get left(): number {
    return this.waiting.size > 0 ? Infinity : this.end - this.clock.now();
  }

  async pausing<T>(turn: Promise<T>): Promise<T> {
    const since = this.clock.now();
    this.waiting.add(turn);
    try {
      return await turn;
    } finally {
      this.end += this.clock.now() - since;
      this.waiting.delete(turn);
    }
  }

  /** Resolves when it is over, or when `done` aborts. */
  async over(done: AbortSignal): Promise<void> {
    do {
      if (this.waiting.size > 0) await Promise.all(this.waiting);
      await this.clock.sleep(Math.max(1, this.left), done);
    } while (!done.aborted && this.left > 0);
  }
}
