import type { Clock, Seams } from '../seams';
import type { EngineOptions } from '../options';
import { systemSeams } from '../system-seams';

const OUTLASTS_LEAPS_MS = 20 * 24 * 3_600_000;

/** The system's clock, ahead by as much as a spec says. Used by specs. */
export class ShiftedClock implements Clock {
  private ahead = 0;

  readonly seams: Seams = { ...systemSeams, clock: this };

  /** What an engine with this clock is started with: the target stays its own when the clock leaps. */
  parts(options: Partial<EngineOptions> = {}): { readonly seams: Seams; readonly options: Partial<EngineOptions> } {
    return { seams: this.seams, options: { leaseMs: OUTLASTS_LEAPS_MS, ...options } };
  }

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
