import type { Clock } from '../seams';

const PAUSE_MS = { base: 2_000, most: 60_000 };

/** Rejected credentials stop a target: it is tried again after growing pauses, with one call, until that succeeds. */
export class Quarantine {
  reason: string | undefined;

  constructor(private readonly clock: Clock, private readonly save: (until: number, pauses: number, reason: string | null) => Promise<void>, private until = 0, private pauses = 0) {}

  /** When work may go on; undefined where nothing is in the way. */
  get activeUntil(): number | undefined {
    return this.until > this.clock.now() ? this.until : undefined;
  }

  /** After a pause one call at a time, until one succeeds. */
  get probing(): boolean {
    return this.pauses > 0;
  }

  /** Failures of calls that were in flight together make one pause. */
  async begin(reason: string): Promise<number> {
    const active = this.activeUntil;
    if (active !== undefined) return active;
    this.reason = reason;
    // A call in flight may succeed while this is saved, and lift it.
    const until = this.clock.now() + Math.min(PAUSE_MS.most, PAUSE_MS.base * 2 ** Math.min(this.pauses, 10));
    this.until = until;
    this.pauses += 1;
    await this.save(until, this.pauses, reason);
    return until;
  }

  /** There are new credentials: the next attempt need not wait. */
  async lift(): Promise<void> {
    this.until = 0;
    await this.save(0, this.pauses, this.reason ?? null);
  }

  async end(): Promise<void> {
    if (this.pauses === 0) return;
    this.until = 0;
    this.pauses = 0;
    this.reason = undefined;
    await this.save(0, 0, null);
  }
}
