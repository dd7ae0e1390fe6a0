import type { Lane } from '../bindings/binding';
import type { Clock } from '../seams';
import { DEFAULT_CEILING, LearnedRate } from './learned-rate';
import { LaneQueue } from './lane-queue';

/** What calls are limited by: reading and writing, as clouds do. */
export type Access = 'read' | 'write';

/** A call that may be made now. */
export interface Turn {
  readonly access: Access;
  readonly at: number;
}

type Waiting = (turn: Turn) => void;

/** Calls a second of one class, now. */
export interface PaceFigures {
  readonly access: Access;
  readonly perSecond: number;
  readonly waiting: number;
  /** That may be made at once. */
  readonly left: number;
}

/**
 * The one owner of a target's pace: each class of calls has a rate that learns, all together stay under what the connection allows. Whoever
 * has to wait is served by lane.
 */
export class Pacer {
  private readonly classes: Readonly<Record<Access, { readonly rate: LearnedRate; readonly queue: LaneQueue<Waiting>; serving: boolean }>>;
  private allowed: Allowed | undefined;

  /** `over`: nobody waits any more once it is aborted. */
  constructor(private readonly clock: Clock, private readonly over: AbortSignal, perSecond?: number, private readonly onRefused: (access: Access) => void = () => undefined) {
    const one = () => ({ rate: new LearnedRate(clock.now()), queue: new LaneQueue<Waiting>(), serving: false });
    this.classes = { read: one(), write: one() };
    this.limit(perSecond);
  }

  /** What the connection allows, calls a second; undefined: nothing is said. */
  limit(perSecond: number | undefined): void {
    this.allowed = perSecond === undefined ? undefined : new Allowed(this.clock.now(), perSecond);
    for (const { rate } of Object.values(this.classes)) rate.limit(perSecond ?? DEFAULT_CEILING);
  }

  /** Calls a second that the target is known to allow; Infinity where nothing is known. */
  get perSecond(): number {
    const { classes: { read, write }, allowed } = this;
    return Math.min(allowed?.perSecond ?? Infinity, ...[read, write].map(({ rate }) => (rate.isLearned ? rate.perSecond : Infinity)));
  }

  figures(): PaceFigures[] {
    const now = this.clock.now();
    return Object.entries(this.classes).map(([access, { rate, queue }]) => ({ access: access as Access, perSecond: rate.perSecond, waiting: queue.size, left: Math.min(rate.left(now), this.allowed?.left(now) ?? Infinity) }));
  }

  /** The target was away and is back: what is due must not come all at once. */
  restart(): void {
    for (const { rate } of Object.values(this.classes)) rate.restart();
  }

  /** Resolves when one call of the class may be made. */
  async take(access: Access, lane: Lane): Promise<Turn> {
    const { queue } = this.classes[access];
    if (queue.size === 0 && (this.over.aborted || this.wait(access) === 0)) return this.grant(access);
    return new Promise((resolve, reject) => {
      queue.push(lane, resolve);
      this.serve(access).catch(reject);
    });
  }

  /** The call was not made. */
  giveBack({ access }: Turn): void {
    this.classes[access].rate.giveBack();
    this.allowed?.give();
  }

  /** Calls that nobody asked for before they were made. */
  charge(access: Access, calls: number): void {
    this.classes[access].rate.charge(calls);
    this.allowed?.take(calls);
  }

  accepted({ access }: Turn): void {
    this.classes[access].rate.accept();
  }

  refused({ access, at }: Turn, retryAfterMs: number | undefined): void {
    this.onRefused(access);
    this.classes[access].rate.refuse(at, this.clock.now(), retryAfterMs);
  }

  private async serve(access: Access): Promise<void> {
    const one = this.classes[access];
    if (one.serving) return;
    one.serving = true;
    while (one.queue.size > 0) {
      const wait = this.over.aborted ? 0 : this.wait(access);
      if (wait > 0) await this.clock.sleep(Math.ceil(wait), this.over);
      else one.queue.shift()?.(this.grant(access));
    }
    one.serving = false;
  }

  private wait(access: Access): number {
    const now = this.clock.now();
    return Math.max(this.classes[access].rate.wait(now), this.allowed?.wait(now) ?? 0);
  }

  private grant(access: Access): Turn {
    const at = this.clock.now();
    this.classes[access].rate.grant(at);
    this.allowed?.take(1);
    return { access, at };
  }
}

/** At most `perSecond`, with a burst of one second's worth. */
class Allowed {
  private tokens: number;

  constructor(private filledAt: number, readonly perSecond: number) {
    this.tokens = Math.max(1, perSecond);
  }

  wait(now: number): number {
    this.tokens = Math.min(Math.max(1, this.perSecond), this.tokens + (Math.max(0, now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    return this.tokens >= 1 ? 0 : ((1 - this.tokens) / this.perSecond) * 1000;
  }

  left(now: number): number {
    this.wait(now);
    return Math.max(0, this.tokens);
  }

  take(calls: number): void {
    this.tokens -= calls;
  }

  give(): void {
    this.tokens += 1;
  }
}
