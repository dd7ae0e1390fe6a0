import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { EngineUnderTest, QUICK_RETRY, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  tenant = await test.identity.tenant('acme', TO_AWS);
});

async function failures(user: string): Promise<{ retryCount: number; nextRetryAt?: string; code: string }[]> {
  return (await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.failed.v1').map(({ data }) => data as never);
}

describe('promise 5: retries', () => {
  it('retries only for retryable errors', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('LimitExceeded', 'full') } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    await eventually(() => test.isQuiet());
    expect(await failures(user)).toEqual([expect.objectContaining({ code: 'LimitExceeded', retryCount: 0 })]);
    expect((await failures(user))[0]).not.toHaveProperty('nextRetryAt');
  });

  it('as often as `retry` says, each with the time of the next (how long: backoff.spec.ts)', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await failures(user)).toHaveLength(4));
    const all = await failures(user);
    expect(all.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3]);
    expect(all.map(({ nextRetryAt }) => nextRetryAt !== undefined)).toEqual([true, true, true, false]);
    await eventually(() => test.isQuiet());
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(4);
  });

  it("honouring the server's Retry-After; the next time is stored, so a restart does not forget it", async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none', retryAfterMs: 60_000 }) } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await failures(user)).toHaveLength(1));
    const [{ nextRetryAt = '' } = {}] = await failures(user);
    expect(Date.parse(nextRetryAt) - Date.now()).toBeGreaterThan(50_000);
    await test.stop();
    test.cloud.fault = () => undefined;
    await test.start();
    // The target is owned again and worked on.
    const other = await test.identity.user('bob');
    await eventually(async () => expect(await test.stateOf(other)).toBe('Synced'));
    const { rows } = await test.pool.query<{ due_at: string }>('SELECT due_at::text FROM sync_aws.engine_bindings WHERE resource = $1', [user]);
    expect(Number(rows[0]?.due_at)).toBe(Date.parse(nextRetryAt));
    expect(await test.stateOf(user)).toBe('Failed');
    // A newer wish of a person does not wait for it.
    await test.identity.patchUser(user, { tags: { a: 'b' } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  });

  it('the bounded window has an end: then it is a failure like any other', async () => {
    test.cloud.fault = ({ api }) => (api === 'add' ? { refuse: new ProviderError('NotFound', 'no such user') } : undefined);
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start({ options: { visibilityMs: 1_500 } });
    await eventually(async () => expect((await failures(user)).map(({ code }) => code)).toContain('NotFound'));
  });

  it('errors right after our own create retry fast in a bounded window and consume no attempt', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, retry: { ...QUICK_RETRY, maxRetries: 0 } });
    test.cloud.invisibleReads = 3;
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(await failures(user)).toEqual([]);
  });

  it('a later look at what is Synced that cannot be made is tried again in silence, and told when its tries are used up', async () => {
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    let refused = 0;
    // A later look asks for the id first.
    test.cloud.fault = ({ api, name }) => (api === 'create' ? { loseAnswer: true }
      : api === 'get' && (name === bob || (name === ann && ++refused <= 2)) ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    await test.start({ options: { sightMs: 300 } });
    await eventually(async () => expect(await failures(bob)).toMatchObject([{ code: 'NetworkError' }, { code: 'Unavailable', retryCount: 3 }]));
    expect((await failures(bob))[1]).not.toHaveProperty('nextRetryAt');
    expect(await test.stateOf(bob)).toBe('Failed');
    await eventually(async () => expect((await test.pool.query('SELECT look_at, due_at, claimed FROM sync_aws.engine_bindings WHERE resource = $1', [ann])).rows).toEqual([{ look_at: null, due_at: null, claimed: false }]));
    expect(refused).toBeGreaterThan(2);
    expect((await test.outcomes(ann)).at(-1)).toMatchObject({ type: 'wami.sync.succeeded.v1', data: { operation: 'create' } });
    expect(await failures(ann)).toMatchObject([{ code: 'NetworkError' }]);
  });

  it('a retry job begins to count anew, with its own number of retries', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await failures(user)).toHaveLength(4));
    await test.identity.job('retry', { maxRetries: 1 });
    await eventually(async () => expect((await failures(user)).map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3, 0, 1]));
  });

  it('rejected credentials stop the target, consume no attempt, and it goes on by itself when they are accepted', async () => {
    let rejected = true;
    test.cloud.fault = ({ api }) => (api === 'whoami' && rejected ? { refuse: new ProviderError('AuthExpired', 'the credentials belong to another account') } : undefined);
    const users = await Promise.all(Array.from({ length: 10 }, (_, i) => test.identity.user(`user${i}`)));
    const engine = await test.start();
    await eventually(() => expect(engine.health().targets).toEqual([expect.objectContaining({ ok: false, reason: 'the credentials belong to another account' })]));
    await eventually(async () => expect(await test.states()).toMatchObject({ Failed: expect.any(Number) }));
    // Rejected once more, after the pause.
    await eventually(async () => expect((await Promise.all(users.map(failures))).flat().length).toBeGreaterThan(users.length));
    expect(test.cloud.calls.every(({ api }) => api === 'whoami')).toBe(true);
    rejected = false;
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 10 }));
    expect((await Promise.all(users.map(failures))).flat().every(({ retryCount }) => retryCount === 0)).toBe(true);
    expect(engine.health().targets).toEqual([expect.objectContaining({ ok: true })]);
  });
});
