import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { WRITES } from './spec-support/model-cloud';
import { Quota, type QuotaOptions } from './spec-support/quota';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
});

const CALM = { leaseMs: 20_000, callTimeoutMs: 5_000 };

/** The cloud enforces this for what changes something. */
function quota(options: QuotaOptions): Quota {
  const enforced = new Quota(() => Date.now(), options);
  test.cloud.fault = ({ api }) => {
    const refuse = WRITES.has(api) ? enforced.admit() : undefined;
    if (refuse) enforced.told(50);
    return refuse && { refuse };
  };
  return enforced;
}

const users = (tenant: string, count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, (_, i) => test.identity.user(`${tenant}-${i}`, { tenant })));
const created = (): string[] => test.cloud.calls.filter(({ api }) => api === 'create').map(({ name }) => name);
const lanes = async (lane: number): Promise<void> => void await test.pool.query('UPDATE sync_aws.engine_bindings SET lane = $1 WHERE due_at IS NOT NULL', [lane]);

/** Jain's index of fairness: 1 where all have the same. */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  return (sum * sum) / (shares.length * shares.reduce((a, b) => a + b * b, 0));
}

describe('promise 6: pace', () => {
  it('a token bucket per target and API class learns: it backs off on throttling and heeds Retry-After (how much of a quota it uses: pacer.spec.ts)', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const enforced = quota({ perSecond: 40, burst: 20, retryAfterMs: 300 });
    await users('acme', 50);
    await test.start({ options: CALM });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    expect(enforced.refused).toBeGreaterThan(0);
    expect(enforced.tooEarly).toBe(0);
    expect(test.cloud.things).toHaveLength(50);
  });

  it('what writes is held up does not hold up what reads', async () => {
    await test.identity.tenant('acme', TO_AWS);
    await test.start({ options: { ...CALM, ownershipMs: 0 } });
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    quota({ perSecond: 0.001, burst: 0, retryAfterMs: 60_000 });
    const other = await test.identity.user('bob');
    await eventually(async () => expect(await test.stateOf(other)).toBe('Failed'));
    const before = test.cloud.calls.length;
    await test.identity.job('sync', { resources: [user] });
    await eventually(() => expect(test.cloud.calls.slice(before).map(({ api }) => api)).toContain('get'));
    expect(test.cloud.calls.slice(before).filter(({ api }) => WRITES.has(api))).toEqual([]);
  });

  it('tenants share fairly', async () => {
    const tenants = Array.from({ length: 10 }, (_, i) => `t${i}`);
    for (const tenant of tenants) await test.identity.tenant(tenant, TO_AWS);
    // One asks for ten times what each other does, and before them.
    await users('t0', 100);
    for (const tenant of tenants.slice(1)) await users(tenant, 12);
    let release = (): void => undefined;
    const allAreDue = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api }) => (api === 'create' ? allAreDue : Promise.resolve());
    await test.start({ options: { leaseMs: 120_000, callTimeoutMs: 50_000, concurrency: 2 } });
    await eventually(async () => expect(Object.values(await test.states()).reduce((sum, n) => sum + n, 0)).toBe(208));
    release();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 208 }));
    // From when the last tenant is in to when the first has no more: all wait.
    const order = created().map((name) => name.slice(0, 2));
    const served = order.slice(Math.max(...tenants.map((tenant) => order.indexOf(tenant))), Math.min(...tenants.map((tenant) => order.lastIndexOf(tenant))));
    expect(served.length).toBeGreaterThan(50);
    expect(jain(tenants.map((tenant) => served.filter((one) => one === tenant).length))).toBeGreaterThanOrEqual(0.95);
  });

  it('whose settings changed does not wait until all of a larger tenant has been looked at', async () => {
    const [large, small] = [await test.identity.tenant('a-large'), await test.identity.tenant('small')];
    await users('a-large', 250);
    const one = await test.identity.user('small-0', { tenant: 'small' });
    await test.start();
    await eventually(() => test.isQuiet());
    await test.stop();
    await test.identity.configure(large, 'a-large', TO_AWS);
    await test.identity.configure(small, 'small', TO_AWS);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 251 }));
    const requested = (await test.outcomes()).filter(({ type }) => type === 'wami.sync.requested.v1').map(({ key }) => key);
    expect(requested).toHaveLength(251);
    expect(requested.indexOf(one)).toBeLessThan(250);
  });

  it('what a tenant had claimed before the target turned out to be slow does not stand before what others want', async () => {
    await test.identity.tenant('early', TO_AWS);
    const late = await test.identity.tenant('late', { providers: [] });
    await users('late', 1);
    let release = (): void => undefined;
    const lateIsDue = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api }) => (api === 'create' ? lateIsDue : Promise.resolve());
    await test.start({ options: { leaseMs: 120_000, callTimeoutMs: 50_000, concurrency: 16 } });
    await users('early', 100);
    await eventually(async () => expect(await test.states()).toEqual({ Syncing: 6 * 16, Pending: 4 }));
    await test.identity.configure(late, 'late', TO_AWS);
    await eventually(async () => expect(await test.states()).toEqual({ Syncing: 6 * 16, Pending: 5 }));
    quota({ perSecond: 20, burst: 5, retryAfterMs: 100 });
    release();
    await eventually(() => expect(created()).toContain('late-0'));
    expect(created().indexOf('late-0')).toBeLessThan(60);
    // Nothing that was put back is lost or made twice.
    test.cloud.fault = () => undefined;
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 101 }));
    expect(test.cloud.things).toHaveLength(101);
  });

  it('a change behind a backlog is not late, and what takes access away overtakes everything', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const leaver = await test.identity.user('leaver');
    await test.start({ options: { ...CALM, concurrency: 8 } });
    await eventually(async () => expect(await test.stateOf(leaver)).toBe('Synced'));
    quota({ perSecond: 20, burst: 5 });
    await users('acme', 200);
    await eventually(() => expect(created().length).toBeGreaterThan(10));
    await test.identity.user('ann');
    const before = created().length;
    await eventually(() => expect(created()).toContain('ann'));
    expect(created().indexOf('ann') - before).toBeLessThan(60);
    // Behind other people's edits, too.
    await lanes(0);
    await test.identity.deleteUser(leaver);
    const then = test.cloud.writes.length;
    await eventually(() => expect(test.cloud.writes.map(({ api }) => api)).toContain('delete'));
    expect(test.cloud.writes.findIndex(({ api }) => api === 'delete') - then).toBeLessThan(60);
  });
});
