import type { SyncErrorCode } from '@wami/contracts';
import type { Clock, Random } from '../seams';
import { FailureRate } from './failure-rate';

const PAUSE_MS = { base: 2_000, most: 60_000 };
/** Pauses are shorter by up to so much, so that many targets do not come back as one. */
const JITTER = 0.25;
/** They speak of the target, not of one binding. Throttled ones are the pace's to heed. */
const OF_THE_TARGET: ReadonlySet<SyncErrorCode> = new Set(['Unavailable', 'NetworkError', 'Timeout', 'Internal']);
/** The target answered. */
const ANSWERED: ReadonlySet<SyncErrorCode> = new Set(['AlreadyExists', 'Conflict', 'NotFound', 'LimitExceeded', 'Throttled']);

export interface QuarantineParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Keeps it over a restart. */
  readonly save: (until: number, pauses: number, reason: string | null) => Promise<void>;
  /** It was over: what is due goes on. */
  readonly onEnd?: () => void;
  readonly until?: number;
  readonly pauses?: number;
  readonly reason?: string | null;
}

/**
 * Rejected credentials stop a target at once, and so does a time in which too much fails: it is tried again after growing pauses, with one
 * call, until one succeeds.
 */
export class Quarantine {
  reason: string | undefined;
  /** Of the failure that it is for; undefined where that was before a restart. */
  code: SyncErrorCode | undefined;
  private until: number;
  private pauses: number;
  private restingSince = -Infinity;
  private readonly rate: FailureRate;

  constructor(private readonly parts: QuarantineParts) {
    this.until = parts.until ?? 0;
    this.pauses = parts.pauses ?? 0;
    this.reason = this.pauses > 0 ? parts.reason ?? undefined : undefined;
    this.rate = new FailureRate(parts.clock);
  }

  /** When work may go on; undefined where nothing is in the way. */
  get activeUntil(): number | undefined {
    return this.until > this.parts.clock.now() ? this.until : undefined;
  }

  /** After a pause one call at a time, until one succeeds. */
  get probing(): boolean {
    return this.pauses > 0;
  }

  /** An attempt that began at `begunAt` failed. Gives until when the target rests because of it, or because of others: then it costs nobody an attempt. */
  async failed(code: SyncErrorCode, message: string, begunAt: number): Promise<number | undefined> {
    if (code === 'AuthExpired') return this.begin(message, code);
    if (ANSWERED.has(code)) await this.answered(begunAt);
    if (!OF_THE_TARGET.has(code)) {
      if (code !== 'Throttled') this.rate.add(false);
      return undefined;
    }
    this.rate.add(true);
    if (this.probing) return this.begin(message, code);
    return this.rate.isTooHigh ? this.begin(`${this.rate.words}, the last: ${message}`, code) : undefined;
  }

  /** A call was made and went well. */
  async succeeded(begunAt: number): Promise<void> {
    this.rate.add(false);
    await this.answered(begunAt);
  }

  /** What was on its way when the pause began says nothing about the time after. */
  private async answered(begunAt: number): Promise<void> {
    if (begunAt >= this.restingSince) await this.end();
  }

  /** Failures of calls that were in flight together make one pause. */
  async begin(reason: string, code: SyncErrorCode): Promise<number> {
    const active = this.activeUntil;
    if (active !== undefined) return active;
    const { clock, random, save } = this.parts;
    this.reason = reason;
    this.code = code;
    this.rate.clear();
    // A call in flight may succeed while this is saved, and lift it.
    const pause = Math.min(PAUSE_MS.most, PAUSE_MS.base * 2 ** Math.min(this.pauses, 10));
    const until = clock.now() + Math.round(pause * (1 - JITTER * random.next()));
    this.until = until;
    this.restingSince = clock.now();
    this.pauses += 1;
    await save(until, this.pauses, reason);
    return until;
  }

  /** There are new credentials: the next attempt need not wait. */
  async lift(): Promise<void> {
    this.until = 0;
    await this.parts.save(0, this.pauses, this.reason ?? null);
  }

  async end(): Promise<void> {
    if (this.pauses === 0) return;
    this.until = 0;
    this.pauses = 0;
    this.reason = undefined;
    this.code = undefined;
    this.rate.clear();
    this.parts.onEnd?.();
    await this.parts.save(0, 0, null);
  }
}
