import type { Clock, Seams } from '../seams';
import { systemSeams } from '../system-seams';

/** The system's clock, ahead by as much as a spec says. Used by specs. */
export class ShiftedClock implements Clock {
  private ahead = 0;

  readonly seams: Seams = { ...systemSeams, clock: this };

  shift(ms: number): void {
    this.ahead += ms;
  }

  now(): number {
    return systemSeams.clock.now() + this.ahead;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemSeams.clock.sleep(ms, signal);
  }
}
