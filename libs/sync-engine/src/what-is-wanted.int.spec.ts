import type { Connection } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { ACCOUNT } from './spec-support/identity';
import { standingUsers } from './spec-support/thousands';

jest.setTimeout(120_000);

const OTHER = '000000000002';
let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
  test.connections.set([CONNECTION, { ...CONNECTION, account: OTHER }]);
});

const settled = (): Promise<unknown> => eventually(() => test.isQuiet());

describe('what is wanted where', () => {
  it('turning sync on requests everything of the subtree, and turning it off deletes nothing', async () => {
    const acme = await test.identity.tenant('acme');
    await test.identity.tenant('acme/eng');
    const users = [await test.identity.user('ann'), await test.identity.user('bob', { tenant: 'acme/eng' })];
    await test.start();
    await settled();
    expect(await test.states()).toEqual({});
    const on = await test.identity.configure(acme, 'acme', TO_AWS);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    for (const user of users) expect(await test.said(user)).toMatchObject({ intent: on });
    const off = await test.identity.configure(acme, 'acme', { providers: [] });
    await eventually(async () => expect(await test.states()).toEqual({ NotConfigured: 2 }));
    for (const user of users) expect(await test.said(user)).toMatchObject({ intent: off });
    expect(test.cloud.users()).toHaveLength(2);
    await test.identity.configure(acme, 'acme', TO_AWS);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(test.cloud.users()).toHaveLength(2);
  });

  it('a user whose attached policies the adapter cannot hold is made, and Skipped says what is missing', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const [user, policy] = [await test.identity.user('ann'), await test.identity.policy('readers')];
    await test.identity.attach('add', policy, user);
    await test.start();
    await settled();
    expect(test.cloud.named('ann')).toBeDefined();
    expect((await test.said(user))?.outcome).toMatchObject({ state: 'Skipped', reason: 'its policies are not there, for the adapter cannot hold them; all else is' });
    await test.identity.attach('remove', policy, user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
  });

  it('what the adapter could not hold is made by itself once a release of it can, and nothing else is looked at again', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const [user, group] = [await test.identity.user('ann'), await test.identity.group('crew')];
    const { capabilities, ...adapter } = test.cloud.adapter();
    const before = { ...adapter, capabilities: capabilities.map((one) => (one.kind === 'group' ? { ...one, supported: false, reason: 'not yet' } : one)) };
    for (let time = 0; time < 2; time++) {
      await test.start({ adapter: before });
      await settled();
      expect((await test.said(group))?.outcome).toMatchObject({ state: 'Skipped', reason: 'not yet' });
      await test.stop();
    }
    expect((await test.outcomes(group)).filter(({ type }) => type === 'wami.sync.skipped.v1')).toHaveLength(1);
    await test.start();
    await eventually(async () => expect([await test.stateOf(user), await test.stateOf(group)]).toEqual(['Synced', 'Synced']));
    expect(test.cloud.calls.filter(({ name }) => name === 'ann').map(({ api }) => api)).toEqual(['create']);
  });

  it('what a connection could not hold is made by itself once the connection says more, also while the engine was away', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const [user, group] = [await test.identity.user('ann'), await test.identity.group('crew')];
    const { connect, ...adapter } = test.cloud.adapter();
    const less = adapter.capabilities.map((one) => (one.kind === 'group' ? { ...one, supported: false, byConnection: true as const, reason: 'no directory is named' } : one));
    const saysMore = { ...CONNECTION, directory: { customer: 'C0spec', domain: 'spec.example' } };
    const chosen = { ...adapter, capabilities: less, connect: (connection: Connection) => ({ ...connect(connection), ...(connection.directory ? { capabilities: adapter.capabilities } : {}) }) };
    await test.start({ adapter: chosen });
    await eventually(async () => expect((await test.said(group))?.outcome).toMatchObject({ state: 'Skipped', reason: 'no directory is named' }));
    test.connections.set([saysMore]);
    await eventually(async () => expect([await test.stateOf(user), await test.stateOf(group)]).toEqual(['Synced', 'Synced']));
    test.connections.set([CONNECTION]);
    const second = await test.identity.group('guests');
    await eventually(async () => expect(await test.stateOf(second)).toBe('Skipped'));
    await test.stop();
    test.connections.set([saysMore]);
    await test.start({ adapter: chosen });
    await eventually(async () => expect(await test.stateOf(second)).toBe('Synced'));
    expect(test.cloud.calls.filter(({ name }) => name === 'ann').map(({ api }) => api)).toEqual(['create']);
  });

  it('a resource narrows its targets itself', async () => {
    await test.identity.tenant('acme', { providers: [...(TO_AWS.providers ?? []), { provider: 'aws', account: OTHER }, { provider: 'gcp', account: 'x' }] });
    const user = await test.identity.user('ann');
    await test.start();
    // Both accounts are one model cloud: the second finds the first's mark, which is its own.
    await eventually(async () => expect([await test.stateOf(user), await test.stateOf(user, OTHER)]).toEqual(['Synced', 'Synced']));
    await test.identity.patchUser(user, { syncToProviders: [`aws/${OTHER}`] });
    await eventually(async () => expect([await test.stateOf(user), await test.stateOf(user, OTHER)]).toEqual(['NotConfigured', 'Synced']));
    expect(test.cloud.users()).toHaveLength(1);
  });

  it('a missing connection is named, and what it held up goes on when it is there', async () => {
    test.connections.set([]);
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'NotConfigured', reason: `there is no connection for aws/${ACCOUNT}` }));
    test.connections.set([{ ...CONNECTION, tenants: ['other'] }]);
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'NotConfigured', reason: `the connection for aws/${ACCOUNT} does not allow tenant acme` }));
    test.connections.set([CONNECTION]);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    test.connections.set([]);
    await eventually(async () => expect(await test.stateOf(user)).toBe('NotConfigured'));
    expect(test.cloud.users()).toHaveLength(1);
  });

  it('a connection that changed while the engine was away is heeded at the start', async () => {
    test.connections.set([]);
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('NotConfigured'));
    await test.stop();
    test.connections.set([CONNECTION]);
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  });

  it('a connection that changed is heeded for everything that a target has, however much that is', async () => {
    await test.identity.tenant('acme', TO_AWS);
    await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
    await test.stop();
    await standingUsers(test, { count: 1_100 });
    test.connections.set([]);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ NotConfigured: 1_101 }));
  });

  it('a connection that changed while the database was away is heeded when that is back', async () => {
    let away = false;
    const query = (...asked: Parameters<typeof test.pool.query>): unknown => (away && String(asked[0]).startsWith('SELECT b.tenant, b.connection_hold') ? Promise.reject(new Error('away')) : test.pool.query(...asked));
    const pool = new Proxy(test.pool, { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name, target) as unknown) });
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    const engine = await test.start({ pool });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    away = true;
    test.connections.set([]);
    await eventually(() => expect(JSON.stringify(engine.health())).toContain('cannot'));
    away = false;
    await eventually(async () => expect(await test.stateOf(user)).toBe('NotConfigured'));
  });

  it('in observe mode nothing is written, and what would be is said', async () => {
    test.connections.set([{ ...CONNECTION, mode: 'observe' }]);
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Skipped', reason: 'connection is in observe mode: would create' }));
    expect(test.cloud.writes).toEqual([]);
    test.connections.set([CONNECTION]);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  });

  it('a trigger that is off leaves things as they are until a job asks', async () => {
    await test.identity.tenant('acme', { ...TO_AWS, triggers: { onUpdate: false, onDelete: false } });
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await test.identity.patchUser(user, { tags: { a: 'b' } });
    await settled();
    expect(test.cloud.named('ann')?.tags).toEqual({});
    await test.identity.job('sync', { resources: [user] });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' }));
    const deleted = await test.identity.deleteUser(user);
    await settled();
    expect(test.cloud.users()).toHaveLength(1);
    await test.identity.job('sync');
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Gone' }, intent: deleted }));
    expect(test.cloud.users()).toEqual([]);
  });

  it('what a trigger held up goes out when the trigger is switched on', async () => {
    const acme = await test.identity.tenant('acme', { ...TO_AWS, triggers: { onCreate: false } });
    const user = await test.identity.user('ann');
    await test.start();
    await settled();
    // An edit of what is not there yet is still its creation.
    const edited = await test.identity.patchUser(user, { tags: { a: 'b' } });
    await eventually(async () => expect((await test.pool.query('SELECT intent, held FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: edited, held: true }]));
    await settled();
    expect(test.cloud.calls).toEqual([]);
    await test.identity.configure(acme, 'acme', { ...TO_AWS, triggers: { onCreate: true } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.users()).toHaveLength(1);
  });

  it("the tenant's tags stand below the resource's own, and follow when they change", async () => {
    const acme = await test.identity.tenant('acme', { ...TO_AWS, tags: { cost: '1', team: 'all' } });
    const user = await test.identity.user('ann', { tags: { team: 'a' } });
    await test.start();
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ cost: '1', team: 'a' }));
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const position = await test.identity.configure(acme, 'acme', { ...TO_AWS, tags: { cost: '2' } });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ cost: '2', team: 'a' }));
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
  });

  it('names follow the connection’s template', async () => {
    test.connections.set([{ ...CONNECTION, naming: '{tenant}.{name}' }]);
    await test.identity.tenant('acme', TO_AWS);
    await test.identity.tenant('acme/eng');
    await test.identity.user('ann', { tenant: 'acme/eng' });
    await test.start();
    await eventually(() => expect(test.cloud.users().map(({ name }) => name)).toEqual(['acme.eng.ann']));
  });
});
