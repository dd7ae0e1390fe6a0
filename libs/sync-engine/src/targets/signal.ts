import type { Clock } from '../seams';

/** Lets a loop sleep until something happened; what happened while it was awake is not forgotten. */
export class Signal {
  private pending = false;
  private wake: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  raise(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Resolves when raised, at the latest after `ms`; tells which. */
  async wait(ms: number): Promise<'raised' | 'over'> {
    if (!this.pending) {
      const raised = new AbortController();
      this.wake = () => raised.abort('raised');
      await this.clock.sleep(ms, raised.signal);
      this.wake = undefined;
    }
    const came = this.pending ? 'raised' : 'over';
    this.pending = false;
    return came;
  }
}
