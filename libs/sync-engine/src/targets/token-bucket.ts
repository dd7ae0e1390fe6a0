import type { Clock } from '../seams';

/** At most `perSecond` calls a second, with a burst of one second's worth. Waiting callers are served in their order. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(private readonly clock: Clock, private readonly perSecond: number) {
    this.tokens = Math.max(1, perSecond);
    this.filledAt = clock.now();
  }

  /** Resolves when so many calls may be made, or when `signal` aborts. */
  async take(calls: number, signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    this.tokens = Math.min(Math.max(1, this.perSecond), this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    this.tokens -= calls;
    // Who overdraws waits until the debt is paid; who comes later pays after.
    if (this.tokens < 0) await this.clock.sleep((-this.tokens / this.perSecond) * 1000, signal);
  }
}
