import type { Schedule } from './schedule';

/** A clock and a timer on a schedule, in the form of the seam that a program looks at time through. */
export class ScheduledClock {
  constructor(private readonly schedule: Schedule, private readonly owner: string, private readonly skewMs = 0) {}

  /** Whole milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.schedule.now + this.skewMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const abort = (): void => {
        callOff();
        resolve();
      };
      const callOff = this.schedule.after(ms, this.owner, 'wakes', () => () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
