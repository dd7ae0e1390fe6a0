import { ProviderError } from '@wami/provider-port';
import type { Schedule, SeededRandom } from '@wami/testing';
import { ModelCloud, WRITES, type Api, type ApiCall, type Caller, type Thing } from '../spec-support/model-cloud';

/** What the cloud does to its callers, as probabilities of one call. */
export interface CloudHabits {
  readonly throttle: number;
  readonly unavailable: number;
  readonly rejectCredentials: number;
  readonly loseAnswer: number;
  /** The call is lost on its way: nothing was done, and nobody knows. */
  readonly loseCall: number;
  /** It takes effect after its caller gave up. */
  readonly late: number;
  /** Of new things: so long they may not be found. */
  readonly unseenMs: number;
  /** As long a look may find who had a name before. */
  readonly ghosts?: boolean;
  /** Looks may show everything as it was so long ago, while calls act on what is there now. */
  readonly lagMs?: number;
  /** Milliseconds to get there, or back. */
  readonly way: () => number;
  /** Of a slow one. */
  readonly slow: number;
}

export const CALM: CloudHabits = {
  throttle: 0, unavailable: 0, rejectCredentials: 0, loseAnswer: 0, loseCall: 0, late: 0, unseenMs: 0, slow: 0, way: () => 5,
};

/** One call that changed something. */
export interface Effect {
  readonly call: ApiCall;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/** Longer than a call may take, shorter than the engine looks for what it may have done. */
const LATE_MS = { least: 4_500, most: 9_000 };
const SLOW_MS = { least: 1_500, most: 5_000 };

/** The model cloud on a schedule: calls are on their way for a time, get lost, come late, are refused; what is new is not found at once. */
export class SimulatedCloud extends ModelCloud {
  readonly faults: Record<string, number> = {};
  habits: CloudHabits = CALM;
  /** Looks may not have shown what was there. */
  isLate = false;
  /** Told of each call as it is sent, and of each that changed something. */
  sent: (call: ApiCall) => void = () => undefined;
  changed: (effect: Effect) => void = () => undefined;
  private readonly visibleAt = new Map<string, number>();
  private readonly ghosts = new Map<string, { readonly thing: Thing; readonly until: number }>();
  private readonly haunting: SeededRandom;
  private readonly lagging: SeededRandom;
  /** What stood there, and until when: the latest last. */
  private past: { readonly things: readonly Thing[]; readonly until: number }[] = [];

  constructor(private readonly schedule: Schedule, private readonly random: SeededRandom) {
    super();
    this.haunting = random.fork('ghosts');
    this.lagging = random.fork('lag');
  }

  get now(): number {
    return this.schedule.now;
  }

  override async api<T>({ account, by }: Caller, api: Api, name: string, signal: AbortSignal, work: () => T, to?: string): Promise<T> {
    // A dead process sends nothing, and what a caller gave up he does not send.
    if (!this.schedule.isAlive(by)) return new Promise<T>(() => undefined);
    if (signal.aborted) throw new ProviderError('Timeout', 'aborted', { effect: 'unknown' });
    const call: ApiCall = { api, account, name, n: this.calls.length + 1, by, ...(to === undefined ? {} : { to }) };
    this.calls.push(call);
    this.sent(call);
    const { habits } = this;
    const lost = this.happens('call lost', habits.loseCall);
    const late = !lost && this.happens('effect after time-out', habits.late);
    const way = (): number => habits.way() + (this.random.chance(habits.slow) ? this.random.between(SLOW_MS.least, SLOW_MS.most) : 0);
    const there = lost ? Infinity : late ? this.random.between(LATE_MS.least, LATE_MS.most) : way();
    // On its way it is nobody's: it arrives also where its sender died.
    const answer = await new Promise<() => T>((resolve) => {
      const back = (result: () => T): void => {
        this.schedule.after(way(), by, `hears of ${api} ${name}`, () => () => resolve(result));
      };
      if (lost) this.schedule.after(this.random.between(50, 1_500), by, `lost ${api} ${name}`, () => () => resolve(lostAnswer));
      else this.schedule.after(there, 'cloud', `${api} ${name}${to === undefined ? '' : ` -> ${to}`}`, () => () => back(this.carryOut(call, work)));
    });
    return answer();
  }

  override see(kind: Thing['kind'], name: string): Thing | undefined {
    return this.seen(this.things.find((one) => one.kind === kind && one.name === name));
  }

  private seen(thing: Thing | undefined): Thing | undefined {
    return thing && (this.visibleAt.get(thing.id) ?? 0) > this.schedule.now ? undefined : thing;
  }

  override look(kind: Thing['kind'], name: string): Thing | undefined {
    const ghost = this.ghosts.get(`${kind} ${name}`);
    if (ghost && ghost.until > this.schedule.now && this.haunting.chance(0.5)) return ghost.thing;
    const past = this.lately()[0];
    return past ? this.seen(past.things.find((thing) => thing.kind === kind && thing.name === name)) : this.see(kind, name);
  }

  /** What looks may show of the time before now, as far back as this one looks. */
  private lately(ms = this.lagBehind()): typeof this.past {
    return this.past.filter(({ until }) => until > this.schedule.now - ms);
  }

  private lagBehind(): number {
    const { lagMs = 0 } = this.habits;
    return lagMs === 0 ? 0 : this.lagging.chance(0.5) ? lagMs : this.lagging.between(0, lagMs);
  }

  /** A look may find who had the name before: who takes it meanwhile is taken for that one by anybody, for calls go by name. */
  isHaunted(kind: Thing['kind'], name: string): boolean {
    return (this.ghosts.get(`${kind} ${name}`)?.until ?? 0) > this.schedule.now
      || this.lately(this.habits.lagMs ?? 0).some(({ things }) => things.some((thing) => thing.kind === kind && thing.name === name));
  }

  override plant(thing: Partial<Thing> & Pick<Thing, 'kind' | 'name'>): Thing {
    const planted = super.plant(thing);
    if (this.habits.unseenMs > 0) this.visibleAt.set(planted.id, this.schedule.now + this.random.between(0, this.habits.unseenMs));
    return planted;
  }

  private carryOut<T>(call: ApiCall, work: () => T): () => T {
    const refusal = this.refusal(call);
    if (refusal) return () => {
      throw refusal;
    };
    const before = this.picture();
    const { ghosts, lagMs = 0, unseenMs } = this.habits;
    this.isLate ||= lagMs > 0 || unseenMs > 0;
    const holders = !ghosts && lagMs === 0 ? [] : this.things.map((thing): Thing => ({ ...thing, tags: { ...thing.tags }, groups: new Set(thing.groups), policies: new Set(thing.policies) }));
    const result = attempt(work);
    if (ghosts) this.haunt(holders);
    const after = this.picture();
    if (WRITES.has(call.api) && !same(before, after)) {
      if (lagMs > 0) this.past = [...this.lately(lagMs), { things: holders, until: this.schedule.now }];
      this.changed({ call, before, after });
    }
    return this.happens('answer lost', this.habits.loseAnswer) ? lostAnswer : result;
  }

  private haunt(before: readonly Thing[]): void {
    for (const thing of before) {
      if (this.things.find(({ kind, name }) => kind === thing.kind && name === thing.name)?.id === thing.id) continue;
      this.ghosts.set(`${thing.kind} ${thing.name}`, { thing, until: this.schedule.now + this.haunting.between(0, 2 * this.habits.unseenMs) });
    }
  }

  private refusal(call: ApiCall): ProviderError | undefined {
    const { throttle, unavailable, rejectCredentials } = this.habits;
    if (this.happens('throttled', throttle)) return throttled(this.random.int(9_000));
    if (this.happens('unavailable', unavailable)) return new ProviderError('Unavailable', 'down', { effect: WRITES.has(call.api) ? 'unknown' : 'none' });
    if (this.happens('credentials rejected', rejectCredentials)) return new ProviderError('AuthExpired', 'who are you?', { effect: 'none' });
    return undefined;
  }

  /** Each thing with all that is true of it, as text. */
  picture(): Map<string, string> {
    return new Map(this.things.map(({ id, kind, name, path, tags, mark, groups, policies, boundary, inline = {} }) =>
      [id, JSON.stringify({ kind, name, path, tags: Object.entries(tags).sort(), mark: mark?.id ?? null, groups: [...groups].sort(), policies: [...policies].sort(), boundary, inline: Object.fromEntries(Object.entries(inline).sort()) })]));
  }

  private happens(fault: string, probability: number): boolean {
    if (!this.random.chance(probability)) return false;
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    return true;
  }
}

function throttled(retryAfterMs: number): ProviderError {
  return new ProviderError('Throttled', `not before ${retryAfterMs} ms`, { effect: 'none', retryAfterMs });
}

function lostAnswer(): never {
  throw new ProviderError('NetworkError', 'the answer was lost', { effect: 'unknown' });
}

function attempt<T>(work: () => T): () => T {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([id, text]) => b.get(id) === text);
}
