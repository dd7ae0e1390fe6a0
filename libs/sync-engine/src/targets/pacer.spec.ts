import { Schedule, ScheduledClock, SeededRandom, Trace } from '@wami/testing';
import { isProviderError } from '@wami/provider-port';
import type { Lane } from '../bindings/binding';
import { Quota, type QuotaOptions } from '../spec-support/quota';
import { Pacer } from './pacer';

const MINUTE = 60_000;

/** So many callers at a time at a target that enforces a quota, for so long, in time of their own. */
class Trial {
  readonly schedule = new Schedule(new SeededRandom('schedule'), new Trace(false));
  readonly clock = new ScheduledClock(this.schedule, 'pace');
  readonly over = new AbortController();
  readonly pacer: Pacer;
  readonly served = new Map<Lane, number>();
  readonly server: Quota;
  private readonly ways = new SeededRandom('ways');
  private readonly began = this.schedule.now;

  constructor(quota: (now: () => number) => Quota, perSecond?: number) {
    this.pacer = new Pacer(this.clock, this.over.signal, perSecond);
    this.server = quota(() => this.schedule.now);
  }

  caller(lane: Lane): void {
    void this.callForEver(lane);
  }

  async run(ms: number): Promise<void> {
    const end = this.schedule.now + ms;
    this.schedule.after(0, 'pace', 'begins', () => undefined);
    while ((this.schedule.next ?? Infinity) <= end) await this.schedule.step();
  }

  /** Of all that the target let through. */
  figures({ perSecond, burst }: QuotaOptions): { used: number; throttled: number } {
    const { taken, refused } = this.server;
    return { used: taken / (burst + ((this.schedule.now - this.began) / 1000) * perSecond), throttled: refused / (taken + refused) };
  }

  private async call(lane: Lane): Promise<void> {
    const turn = await this.pacer.take('write', lane);
    const sentAt = this.schedule.now;
    await this.clock.sleep(this.ways.between(10, 60));
    const error = this.server.admit(sentAt);
    await this.clock.sleep(this.ways.between(10, 60));
    if (isProviderError(error)) {
      this.server.told();
      this.pacer.refused(turn, error.options.retryAfterMs);
    } else this.pacer.accepted(turn);
  }

  private async callForEver(lane: Lane): Promise<void> {
    for (;;) {
      await this.call(lane);
      this.served.set(lane, (this.served.get(lane) ?? 0) + 1);
    }
  }
}

const QUOTAS: [string, QuotaOptions][] = [
  ['20 a second, a burst of 20, Retry-After of a second', { perSecond: 20, burst: 20, retryAfterMs: 1_000 }],
  ['20 a second, a burst of 40, no Retry-After', { perSecond: 20, burst: 40 }],
];

describe('the pace', () => {
  it.each(QUOTAS)('uses 95 %% of an unknown quota with less than 1 %% of calls throttled, none of them before Retry-After was over: %s', async (_, options) => {
    const trial = new Trial((now) => new Quota(now, options));
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(2 * MINUTE);
    const { used, throttled } = trial.figures(options);
    expect(used).toBeGreaterThanOrEqual(0.95);
    expect(throttled).toBeLessThan(0.01);
    expect(trial.server.refused).toBeGreaterThan(0);
    expect(trial.server.tooEarly).toBe(0);
  });

  it.each([0.05, 0.1, 0.2])('is not slowed to a crawl by a target that refuses some calls at any pace: %s of them', async (share) => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 10_000, burst: 10_000, refusedAnyway: { share, random: new SeededRandom('anyway') } }));
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(2 * MINUTE);
    expect(trial.server.taken / 120).toBeGreaterThan(15);
  });

  it('uses most of a quota whose target refuses some calls beside it, and less than a third of the calls is refused', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 20, burst: 20, refusedAnyway: { share: 0.05, random: new SeededRandom('anyway') } }));
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(5 * MINUTE);
    const { used, throttled } = trial.figures({ perSecond: 20, burst: 20 });
    expect(used).toBeGreaterThan(0.6);
    expect(throttled).toBeLessThan(0.33);
  });

  it('never exceeds what the connection allows, however little the target minds', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 1_000, burst: 1_000 }), 10);
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(MINUTE / 6);
    expect(trial.server.taken).toBeLessThanOrEqual(10 + 10 * 10);
    expect(trial.server.taken).toBeGreaterThan(0.95 * 10 * 10);
  });

  it('lets revocations go first, then people, and one of five of the rest', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 1_000, burst: 1_000 }), 10);
    for (const lane of [1, 0, -1] as const) for (let i = 0; i < 20; i++) trial.caller(lane);
    await trial.run(MINUTE / 6);
    // Twenty callers at a time leave nothing to the others.
    expect(trial.served.get(-1)).toBeGreaterThan(80);
    const without = new Trial((now) => new Quota(now, { perSecond: 1_000, burst: 1_000 }), 10);
    for (const lane of [1, 0] as const) for (let i = 0; i < 20; i++) without.caller(lane);
    await without.run(MINUTE / 6);
    const [people = 0, machines = 0] = [without.served.get(0), without.served.get(1)];
    expect(machines / (people + machines)).toBeGreaterThan(0.18);
    expect(machines / (people + machines)).toBeLessThan(0.3);
  });

  it('holds up only the class of calls that was throttled', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 1, burst: 0, retryAfterMs: 60_000 }));
    trial.caller(0);
    await trial.run(1_000);
    const read = trial.pacer.take('read', 0);
    await expect(read).resolves.toMatchObject({ access: 'read' });
    expect(trial.pacer.figures()).toMatchObject([{ access: 'read', waiting: 0 }, { access: 'write', waiting: 1 }]);
  });

  it('waits as long as it is asked to, but for an hour at most, however absurd that is', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 1, burst: 0, retryAfterMs: Number.MAX_SAFE_INTEGER }));
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(MINUTE);
    const { refused } = trial.server;
    expect(refused).toBeGreaterThan(0);
    // Each part is counted from the last that happened.
    await trial.run(59 * MINUTE);
    expect(trial.server.refused).toBe(refused);
    await trial.run(61 * MINUTE);
    expect(trial.server.refused).toBeGreaterThan(refused);
  });

  it('begins slowly after a rest of the target', async () => {
    const trial = new Trial((now) => new Quota(now, { perSecond: 10_000, burst: 10_000 }));
    for (let i = 0; i < 32; i++) trial.caller(1);
    await trial.run(2_000);
    expect(trial.pacer.figures()[1]?.perSecond).toBeGreaterThan(50);
    trial.pacer.restart();
    expect(trial.pacer.figures()[1]?.perSecond).toBe(25);
  });
});
