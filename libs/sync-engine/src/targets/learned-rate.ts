/** Calls a second. Where a target begins, and so where it begins anew after a restart: no herd. */
const FIRST = 25;
const LEAST = 1;
/** Without a limit of the connection's. */
export const DEFAULT_CEILING = 2_000;
/** Of the rate, in seconds: what may be sent at once after a pause. */
const BURST_S = 0.25;
/** By how much each accepted call raises a rate that never met a limit: it doubles every half second. */
const RAISE = 1.5;
/** A rate that met its limit begins so far below what was accepted. */
const BELOW = 0.98;
/** Where too few calls were accepted to tell the limit. */
const BACK_OFF = 0.7;
const ENOUGH = { calls: 10, seconds: 0.5 };
/** In seconds: over a longer time a rate below the limit may have let the target's bucket overflow, so that less was let through than it allows. */
const LONG_S = 10;
/** In seconds: how slowly the rate grows past the limit that it met; the longer that was measured the slower. */
const FLAT = { least: 20, most: 100, perSecond: 10 };
/** Nobody waited for so long: what the target had saved up meanwhile is not known. */
const IDLE_MS = 1_000;
const MEASURED_MS = 500;
/**
 * A target that refuses a part of the calls however few are made does not refuse them because there are too many: it does so at random, or
 * others use its limit up. Slower helps nothing then; where every refusal lowers the rate it ends at the least there is. Taken for that: so
 * many refusals below the limit that was met, one after the other, while no larger share is refused; until that share has risen by so much.
 */
const REGARDLESS = { refusals: 4, share: 0.35, rise: 0.15, shareOver: 40 };
const LONGEST_PAUSE_MS = 60 * 60_000;

/** The limit that was met, and how the rate comes back to it: slowly near it, faster the longer nothing was refused (CUBIC, RFC 9438). */
interface Met {
  readonly most: number;
  readonly flat: number;
  /** Seconds in which calls waited since. */
  age: number;
}

/**
 * The rate of one class of calls that a target seems to allow. Between two refusals a token bucket is emptied twice, so what it let through
 * between them is what it was filled with: that is the limit, however many are saved up in it. Times in milliseconds. Pure.
 */
export class LearnedRate {
  private first = FIRST;
  private met: Met | undefined;
  private tokens: number;
  private filledAt: number;
  private grantedAt = -Infinity;
  private blockedUntil = -Infinity;
  private reducedAt = -Infinity;
  /** When the target had nothing left, while calls waited ever since. */
  private emptyAt: number | undefined;
  private accepted = 0;
  /** Of the time since then. */
  private pausedMs = 0;
  private measured = { since: 0, calls: 0, before: 0 };
  /** Of the calls answered of late. */
  private refusedShare = 0;
  /** Refusals since the limit was met, none of which came above it; what was accepted meanwhile; and the share when they were taken for such. */
  private below = { refusals: 0, since: 0, accepted: 0, regardless: false, share: 0 };

  constructor(now: number, private ceiling = DEFAULT_CEILING) {
    this.filledAt = now;
    this.tokens = this.burst;
  }

  /** Calls a second. */
  get perSecond(): number {
    return Math.min(this.ceiling, this.met === undefined ? this.first : Math.max(LEAST, this.met.most * (1 + ((this.met.age - flatUntil(this.met)) / this.met.flat) ** 3)));
  }

  /** It met a limit. */
  get isLearned(): boolean {
    return this.met !== undefined;
  }

  limit(ceiling = DEFAULT_CEILING): void {
    this.ceiling = ceiling;
  }

  /** The target was away: what was not learned is tried out from the beginning. */
  restart(): void {
    this.first = FIRST;
    this.tokens = Math.min(this.tokens, this.burst);
  }

  /** Milliseconds until the next call may be made; 0: now. */
  wait(now: number): number {
    this.fill(now);
    return Math.max(this.blockedUntil - now, this.tokens >= 1 ? 0 : ((1 - this.tokens) / this.perSecond) * 1000, 0);
  }

  /** Calls that may be made at once. */
  left(now: number): number {
    return this.wait(now) > 0 ? 0 : this.tokens;
  }

  /** One call is made. Only after `wait` gave 0. */
  grant(now: number): void {
    this.fill(now);
    const since = Math.min(now - Math.max(this.grantedAt, this.blockedUntil), IDLE_MS);
    this.tokens -= 1;
    const waited = this.tokens < 1;
    if (waited && this.met) this.met.age += Math.max(0, since) / 1000;
    if (!waited && since >= IDLE_MS) this.emptyAt = undefined;
    this.grantedAt = now;
    this.measure(now);
  }

  /** It was not made after all. */
  giveBack(): void {
    this.tokens += 1;
  }

  /** More calls were made than were granted: they are paid for by those to come. */
  charge(calls: number): void {
    this.tokens -= calls;
  }

  /** The target took the call, whatever it answered. */
  accept(): void {
    this.accepted += 1;
    this.below.accepted += 1;
    this.refusedShare -= this.refusedShare / REGARDLESS.shareOver;
    if (this.met === undefined && this.tokens < 1) this.first = Math.min(this.ceiling, this.first + RAISE);
  }

  /** The target refused a call that was granted at `grantedAt`, because there were too many. */
  refuse(grantedAt: number, now: number, retryAfterMs = 0): void {
    const pause = Math.min(retryAfterMs, LONGEST_PAUSE_MS);
    this.fill(now);
    this.tokens = Math.min(this.tokens, 0);
    this.blockedUntil = Math.max(this.blockedUntil, now + pause);
    this.filledAt = Math.max(now, this.blockedUntil);
    this.refusedShare += (1 - this.refusedShare) / REGARDLESS.shareOver;
    // Those that were on their way tell nothing new.
    if (grantedAt <= this.reducedAt) return;
    this.met = this.metAt(now);
    this.reducedAt = now;
    this.emptyAt = now;
    this.accepted = 0;
    this.pausedMs = pause;
  }

  private metAt(now: number): Met {
    const { met, below } = this;
    if (met !== undefined && below.regardless && this.refusedShare < below.share + REGARDLESS.rise) return met;
    const isBelow = met !== undefined && !below.regardless && met.age < flatUntil(met);
    if (isBelow) below.refusals += 1;
    else this.below = { refusals: 0, since: now, accepted: 0, regardless: false, share: 0 };
    if (!isBelow || below.refusals < REGARDLESS.refusals || this.refusedShare >= REGARDLESS.share) return { ...this.limitMet(now), age: 0 };
    below.regardless = true;
    below.share = this.refusedShare;
    const letThrough = (below.accepted * 1000) / Math.max(ENOUGH.seconds * 1000, now - below.since);
    return { most: Math.max(this.perSecond, letThrough), flat: FLAT.least, age: flatUntil({ flat: FLAT.least }) };
  }

  private limitMet(now: number): Omit<Met, 'age'> {
    const seconds = this.emptyAt === undefined ? 0 : (now - this.emptyAt) / 1000;
    const enough = this.accepted >= ENOUGH.calls && seconds >= ENOUGH.seconds;
    const least = enough ? Math.min(this.perSecond, this.accepted / seconds) : 0;
    // Where most of the time was a pause, the target's bucket may have overflowed.
    if (!enough || this.pausedMs * 2 > now - (this.emptyAt ?? now)) return { most: Math.max(least, BACK_OFF * Math.min(this.perSecond, this.sent(now))), flat: FLAT.least };
    return { most: seconds < LONG_S ? least : (least + this.perSecond) / 2, flat: Math.min(FLAT.most, Math.max(FLAT.least, seconds * FLAT.perSecond)) };
  }

  private get burst(): number {
    return Math.max(1, this.perSecond * BURST_S);
  }

  private fill(now: number): void {
    this.tokens = Math.min(this.burst, this.tokens + (Math.max(0, now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = Math.max(now, this.filledAt);
  }

  private measure(now: number): void {
    const { since, calls } = this.measured;
    if (now - since >= MEASURED_MS) this.measured = { since: now, calls: 1, before: now - since < 2 * MEASURED_MS ? calls : 0 };
    else this.measured.calls += 1;
  }

  /** Calls a second, of late. */
  private sent(now: number): number {
    const { since, calls, before } = this.measured;
    return Math.max(1, ((calls + before) * 1000) / Math.max(100, now - since + (before > 0 ? MEASURED_MS : 0)));
  }
}

/** Seconds until the rate is back at the limit that it met. */
function flatUntil({ flat }: Pick<Met, 'flat'>): number {
  return flat * Math.cbrt(1 - BELOW);
}
