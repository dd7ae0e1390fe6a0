import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, HOLDING, TO_AWS } from '../spec-support/engine-under-test';
import { ModelLogins } from '../spec-support/model-logins';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let model: ModelLogins;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  model = new ModelLogins(test.cloud);
  tenant = await test.identity.tenant('acme', TO_AWS);
});

/** What was sent may come about for so long after nobody answered. */
const start = (options = {}) => test.start({ adapter: model.adapter(), options: { ...HOLDING, sightMs: 300, ...options } });
const becomes = (id: string, state: string): Promise<unknown> => eventually(async () => expect(await test.stateOf(id)).toBe(state));
const issued = async (id: string): Promise<unknown[]> => (await test.outcomes(id)).filter(({ type }) => type === 'wami.sync.password-issued.v1').map(({ personal }) => personal);
const writesOf = (id: string): string[] => test.cloud.writes.filter(({ name }) => name === id).map(({ api }) => api);

describe('what its owner has one of, made with a secret that is told once', () => {
  it('after a lost answer what the attempt made is deleted and made again: the password that is told is that of the last', async () => {
    let lost = false;
    test.cloud.fault = ({ api, name }) => (api === 'create' && name.startsWith('lgp_') && !lost ? (lost = true, { loseAnswer: true }) : undefined);
    const profile = await test.identity.loginProfile(await test.identity.user('ann'));
    await start();
    await becomes(profile, 'Synced');
    expect(writesOf(profile)).toEqual(['create', 'delete', 'create']);
    expect(model.logins).toMatchObject([{ made: 'made-2' }]);
    expect(await issued(profile)).toEqual([{ profileCreatedAt: 'made-2', sealedPassword: expect.stringMatching(/^[\w+/]{80,}=*$/) as string }]);
  });

  it.each([
    ['skip', { state: 'Skipped', reason: 'something of this name stands there already and is not managed by WAMI' }],
    ['fail', { state: 'Failed', error: { code: 'Conflict' } }],
    ['merge', { state: 'Failed', error: { code: 'Conflict' } }],
  ] as const)('leaves what others made where conflicts are to be settled by %s, and says so without the owner\'s name', async (conflictResolution, outcome) => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, conflictResolution });
    const user = await test.identity.user('ann');
    await start();
    await becomes(user, 'Synced');
    const others = model.plant('ann');
    const profile = await test.identity.loginProfile(user);
    await eventually(async () => expect((await test.said(profile))?.outcome).toMatchObject(outcome));
    expect([writesOf(profile), model.logins]).toEqual([['create'], [others]]);
    expect(JSON.stringify(await test.outcomes(profile))).not.toMatch(/\bann\b/);
    await test.identity.deleteLoginProfile(profile);
    await becomes(profile, 'Gone');
    expect(model.logins).toEqual([others]);
  });

  it('leaves what others made where the tenant pulls, also where conflicts are settled by overwrite and somebody asks for a sync', async () => {
    const user = await test.identity.user('ann');
    await start();
    await becomes(user, 'Synced');
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, conflictResolution: 'overwrite', direction: 'pull' });
    const others = model.plant('ann');
    const profile = await test.identity.loginProfile(user);
    await becomes(profile, 'Skipped');
    const told = (await test.outcomes(profile)).length;
    await test.identity.job('sync', { filter: { tenant: 'acme' } });
    await eventually(async () => expect((await test.outcomes(profile)).length).toBeGreaterThan(told));
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect([await test.stateOf(profile), writesOf(profile), model.logins]).toEqual(['Skipped', [], [others]]);
  });

  it('replaces what others made where somebody says overwrite', async () => {
    const user = await test.identity.user('ann');
    await start();
    await becomes(user, 'Synced');
    const others = model.plant('ann');
    const profile = await test.identity.loginProfile(user);
    await becomes(profile, 'Failed');
    await test.identity.job('resolve', { resources: [profile], strategy: 'overwrite' });
    await becomes(profile, 'Synced');
    expect(writesOf(profile)).toEqual(['create', 'create', 'delete', 'create']);
    expect(model.logins).not.toContain(others);
    expect(await issued(profile)).toHaveLength(1);
  });

  it('that is left for what others made there is left by the next release of the adapter too, and replaced once somebody says overwrite', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, conflictResolution: 'skip' });
    const [user, group] = [await test.identity.user('ann'), await test.identity.group('crew')];
    const { capabilities, ...adapter } = model.adapter();
    await test.start({ adapter: { ...adapter, capabilities: capabilities.map((one) => (one.kind === 'group' ? { ...one, supported: false, reason: 'not yet' } : one)) }, options: HOLDING });
    await becomes(user, 'Synced');
    await becomes(group, 'Skipped');
    const others = model.plant('ann');
    const profile = await test.identity.loginProfile(user);
    await becomes(profile, 'Skipped');
    await test.stop();
    await start();
    await becomes(group, 'Synced');
    expect((await test.said(profile))?.outcome).toEqual({ state: 'Skipped', reason: 'something of this name stands there already and is not managed by WAMI' });
    await test.identity.job('resolve', { resources: [profile], strategy: 'overwrite' });
    await becomes(profile, 'Synced');
    expect(model.logins).not.toContain(others);
  });

  it('is deleted where its owner has another name by others\' doing, and what who has its own name by now has there stays; also where the owner was given up here', async () => {
    const users = [await test.identity.user('ann'), await test.identity.user('joe')];
    const profiles = [await test.identity.loginProfile(users[0] ?? ''), await test.identity.loginProfile(users[1] ?? '')];
    await start();
    for (const profile of profiles) await becomes(profile, 'Synced');
    for (const name of ['ann', 'joe']) {
      Object.assign(test.cloud.named(name) ?? {}, { name: `${name}-2` });
      test.cloud.plant({ kind: 'user', name });
    }
    const theirs = [model.plant('ann'), model.plant('joe')];
    await test.identity.patchUser(users[1] ?? '', { syncToProviders: [] });
    await becomes(users[1] ?? '', 'NotConfigured');
    for (const profile of profiles) {
      await test.identity.deleteLoginProfile(profile);
      await becomes(profile, 'Gone');
    }
    expect(model.logins).toEqual(theirs);
  });

  it('another begins once the one before is gone, in whatever order they are heard of', async () => {
    const user = await test.identity.user('ann');
    const before = await test.identity.loginProfile(user);
    await start();
    await becomes(before, 'Synced');
    const next = await test.identity.loginProfile(user);
    await eventually(async () => expect((await test.said(next))?.outcome).toEqual({ state: 'Pending', reason: `waiting for resource/${before}` }));
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    await test.identity.deleteLoginProfile(before);
    await becomes(before, 'Gone');
    await becomes(next, 'Synced');
    expect([writesOf(before), writesOf(next), model.logins]).toEqual([['create', 'delete'], ['create'], [expect.objectContaining({ made: 'made-2' })]]);
  });

  it('that others replaced is not ours any more: it is not made again, and not deleted', async () => {
    const user = await test.identity.user('ann');
    const profile = await test.identity.loginProfile(user);
    await start({ visibilityMs: 0 });
    await becomes(profile, 'Synced');
    model.logins = [];
    const others = model.plant('ann');
    await test.identity.job('sync', { filter: { tenant: 'acme' } });
    await eventually(async () => expect((await test.said(profile))?.outcome).toEqual({ state: 'Skipped', reason: 'it was deleted at the target, and another would have another secret' }));
    await test.identity.deleteLoginProfile(profile);
    await becomes(profile, 'Gone');
    expect([writesOf(profile), model.logins]).toEqual([['create'], [others]]);
  });
});
