import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { ACCOUNT } from './spec-support/identity';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

const OTHER = '000000000002';
const RETRY = { maxRetries: 3, baseDelayMs: 10, maxDelayMs: 40 };
/** A lease that outlasts the leaps of the clock. */
const STEADY = { leaseMs: 3_600_000, callTimeoutMs: 2_000, concurrency: 8 };
const down = { refuse: new ProviderError('Unavailable', 'the service is down', { effect: 'unknown' }) };

let test: EngineUnderTest;
let clock: ShiftedClock;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  clock = new ShiftedClock();
  test.connections.set([CONNECTION, { ...CONNECTION, account: OTHER }]);
});

const users = (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, (_, i) => test.identity.user(`user${i}`)));
const callsOf = (account: string): number => test.cloud.calls.filter((call) => call.account === account && call.api !== 'whoami').length;
const statesAt = async (account: string): Promise<Record<string, number>> =>
  Object.fromEntries((await test.pool.query<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM sync_aws.engine_bindings WHERE account = $1 GROUP BY state', [account])).rows.map(({ state, n }) => [state, n]));
const retries = async (): Promise<number> => (await test.pool.query<{ most: number }>('SELECT coalesce(max(retry_count), 0)::int AS most FROM sync_aws.engine_bindings')).rows[0]?.most ?? 0;
const resting = expect.objectContaining({ account: ACCOUNT, ok: false, reason: expect.stringMatching(/^\d+ of the last \d+ attempts failed, the last: the service is down$/) as string, triedAgainAt: expect.any(String) as string });

describe('promise 10: quarantine', () => {
  it('rejected credentials stop the target at once', async () => {
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('AuthExpired', 'the key is not valid', { effect: 'none' }) } : undefined);
    await users(20);
    const engine = await test.start({ seams: clock.seams, options: { ...STEADY, concurrency: 1 } });
    await eventually(() => expect(engine.health().targets).toContainEqual(expect.objectContaining({ account: ACCOUNT, ok: false, reason: 'the key is not valid' })));
    expect(callsOf(ACCOUNT)).toBe(1);
  });

  it('a failure rate over 40 % of at least 50 attempts too; it is probed with growing pauses and leaves quarantine by itself on success; nothing consumes attempts meanwhile', async () => {
    await test.identity.tenant('acme', { providers: [ACCOUNT, OTHER].map((account) => ({ provider: 'aws', account })), retry: RETRY });
    test.cloud.fault = ({ account, api }) => (account === ACCOUNT && api !== 'whoami' ? down : undefined);
    const count = 100;
    await users(count);
    const engine = await test.start({ seams: clock.seams, options: STEADY });
    await eventually(() => expect(engine.health().targets).toContainEqual(resting));
    // The others are unharmed.
    await eventually(async () => expect(await statesAt(OTHER)).toEqual({ Synced: count }));
    const [begun, attempts] = [callsOf(ACCOUNT), await retries()];
    const pauses: number[] = [];
    for (let probe = 1; probe <= 4; probe++) {
      const { triedAgainAt = '' } = engine.health().targets.find(({ account }) => account === ACCOUNT) ?? {};
      pauses.push(Date.parse(triedAgainAt) - clock.now());
      clock.shift(pauses.at(-1) ?? 0);
      await eventually(() => expect(callsOf(ACCOUNT)).toBe(begun + probe));
      await eventually(() => expect(engine.health().targets).toContainEqual(expect.objectContaining({ account: ACCOUNT, ok: false, triedAgainAt: expect.not.stringMatching(triedAgainAt) as string })));
    }
    expect(pauses.slice(1).every((pause, i) => pause > (pauses[i] ?? 0))).toBe(true);
    expect(await retries()).toBe(attempts);
    test.cloud.fault = () => undefined;
    clock.shift(60_000);
    await eventually(async () => expect(await statesAt(ACCOUNT)).toEqual({ Synced: count }));
    expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true });
    // In vain was what it took to see it, what was in flight then, and the probes.
    expect(test.cloud.writes.filter(({ account, api }) => account === ACCOUNT && api === 'create').length - count).toBeLessThanOrEqual(50 + 8 + 7);
  });

  it('what one binding brought upon itself says nothing of the target', async () => {
    await test.identity.tenant('acme', TO_AWS);
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('InvalidRequest', 'no such path', { effect: 'none' }) } : undefined);
    await users(60);
    const engine = await test.start({ seams: clock.seams, options: STEADY });
    await eventually(async () => expect(await test.states()).toEqual({ Failed: 60 }));
    expect(engine.health().targets).toContainEqual({ account: ACCOUNT, ok: true });
  });
});
