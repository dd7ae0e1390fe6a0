import type { SeededRandom } from './seeded-random';
import type { Trace } from './trace';

/** Hands its result to whoever waits for it; not called where that one died meanwhile. */
export type Deliver = () => void;
type Happening = () => Deliver | void | Promise<Deliver | void>;

interface Due {
  at: number;
  readonly order: number;
  readonly owner: string;
  readonly what: string;
  readonly happen: Happening;
}

/** Where in an event its owner is about to be hit. */
export type Moment = 'before' | 'after';

/** A moment in the year 2026, so that times look like times. */
const BEGINNING = Date.UTC(2026, 0, 1);

/**
 * Everything that happens in a simulated world, one thing after the other on a clock of its own: what is due first happens first, and of
 * what is due at once the seed decides. After each the program runs until it waits again, so that a seed has one course.
 */
export class Schedule {
  private time = BEGINNING;
  private due: Due[] = [];
  private readonly dead = new Set<string>();
  /** May end the owner of an event, before or after it happened. */
  hit: (owner: string, what: string, moment: Moment) => Promise<void> | void = () => undefined;

  constructor(private readonly random: SeededRandom, readonly trace: Trace) {}

  /** Milliseconds since the epoch, with fractions. */
  get now(): number {
    return this.time;
  }

  /** When the next thing happens; undefined where nothing will. */
  get next(): number | undefined {
    return this.due.reduce<number | undefined>((least, { at }) => (least === undefined || at < least ? at : least), undefined);
  }

  /** Lets something happen after so many milliseconds, for whom it concerns. Gives back what calls it off. */
  after(ms: number, owner: string, what: string, happen: Happening): () => void {
    if (this.dead.has(owner)) return () => undefined;
    const due: Due = { at: this.time + Math.max(0, ms), order: this.random.next(), owner, what, happen };
    this.due.push(due);
    return () => {
      this.due = this.due.filter((one) => one !== due);
    };
  }

  isAlive(owner: string): boolean {
    return !this.dead.has(owner);
  }

  /** Nothing more happens for this owner. */
  kill(owner: string): void {
    this.dead.add(owner);
    this.due = this.due.filter((one) => one.owner !== owner);
  }

  /** The owner stands still: whatever is due for it comes so much later, in the same order. */
  stall(owner: string, ms: number): void {
    const until = this.time + ms;
    for (const one of this.due) if (one.owner === owner && one.at < until) one.at = until + (one.at - this.time) / 1e6;
  }

  /** Lets the next thing happen, and the program run until it waits; false where nothing is due. */
  async step(): Promise<boolean> {
    const next = this.due.reduce<Due | undefined>((first, one) => (first === undefined || one.at < first.at || (one.at === first.at && one.order < first.order) ? one : first), undefined);
    if (next === undefined) return false;
    this.due = this.due.filter((one) => one !== next);
    this.time = Math.max(this.time, next.at);
    this.trace.add(this.time, `${next.owner} ${next.what}`);
    await this.hit(next.owner, next.what, 'before');
    if (this.dead.has(next.owner)) return true;
    const deliver = await next.happen();
    await this.hit(next.owner, next.what, 'after');
    if (deliver && !this.dead.has(next.owner)) deliver();
    await settled();
    return true;
  }
}

/** Resolves when the program waits for nothing but the schedule: every promise that could go on has. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
