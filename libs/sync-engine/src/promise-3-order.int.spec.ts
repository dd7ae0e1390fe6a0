import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { LEFT_OUT_WAITS } from './capabilities/left-out-waits.migration';
import { listOf } from './spec-support/guarding';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

/** Holds the creation of groups until it is let go. */
function holdGroups(): () => void {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  test.cloud.latency = ({ api, name }) => (api === 'create' && name === 'admins' ? held : Promise.resolve());
  return release;
}

describe('promise 3: order', () => {
  it('a binding that waits is Pending with the reason and wakes when its dependency settles; waiting consumes no attempt', async () => {
    const release = holdGroups();
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start({ options: HOLDING });
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Pending', reason: `waiting for group/${group}` }));
    expect(test.cloud.named('ann')).toBeDefined();
    release();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.groupsOf('ann')).toEqual(['admins']);
    const attempts = (await test.outcomes(user)).flatMap(({ type, data }) => (type === 'wami.sync.started.v1' ? [(data as { attempt: number }).attempt] : []));
    expect(new Set(attempts)).toEqual(new Set([1]));
  });

  it('everything is detached before a delete', async () => {
    const group = await test.identity.group('admins');
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    for (const user of [ann, bob]) await test.identity.member('add', group, user);
    await test.start();
    await eventually(() => test.isQuiet());
    const calls = test.cloud.calls.length;
    await test.identity.deleteUser(ann);
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Gone'));
    await test.identity.deleteGroup(group);
    await eventually(async () => expect(await test.stateOf(group)).toBe('Gone'));
    await eventually(() => test.isQuiet());
    const writes = test.cloud.calls.slice(calls).filter(({ api }) => api === 'remove' || api === 'delete').map(({ api, name }) => `${api} ${name}`);
    expect(writes).toEqual(['remove admins', 'delete ann', 'remove admins', 'delete admins']);
    expect(test.cloud.things.map(({ name }) => name)).toEqual(['bob']);
  });

  it('principal and group before membership: none is written before both of its ends are there', async () => {
    const groups = await Promise.all(['a', 'b', 'c'].map((name) => test.identity.group(name)));
    for (let i = 0; i < 12; i++) {
      const user = await test.identity.user(`user${i}`);
      for (const group of groups) await test.identity.member('add', group, user);
    }
    await test.start();
    await eventually(() => test.isQuiet());
    expect(await test.states()).toEqual({ Synced: 15 });
    const made = (name: string): number => test.cloud.calls.findIndex((call) => call.api === 'create' && call.name === name);
    const adds = test.cloud.calls.filter(({ api }) => api === 'add');
    expect(adds).toHaveLength(36);
    for (const { name, n } of adds) expect(made(name)).toBeLessThan(n - 1);
    expect(test.cloud.groupsOf('user7')).toEqual(['a', 'b', 'c']);
  });

  it('what needs something that is Skipped at the target is Skipped for that, also what waited for it, and goes on once that is there', async () => {
    test.cloud.plant({ kind: 'group', name: 'admins', path: '/theirs/' });
    await test.identity.tenant('careful', { ...TO_AWS, conflictResolution: 'skip' });
    const release = holdGroups();
    const [group, user] = [await test.identity.group('admins', 'careful'), await test.identity.user('ann', { tenant: 'careful' })];
    await test.identity.member('add', group, user, 'careful');
    await test.start({ options: HOLDING });
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending', reason: `waiting for group/${group}` }));
    release();
    const reason = `not related to group/${group}, for that is Skipped at this target; all else is as it is to be`;
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Skipped', reason }));
    const late = await test.identity.user('bob', { tenant: 'careful' });
    await test.identity.member('add', group, late, 'careful');
    await eventually(async () => expect((await test.said(late))?.outcome).toEqual({ state: 'Skipped', reason }));
    await eventually(() => test.isQuiet());
    await test.identity.job('resolve', { resources: [group], strategy: 'overwrite' });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 3 }));
    expect([test.cloud.groupsOf('ann'), test.cloud.groupsOf('bob')]).toEqual([['admins'], ['admins']]);
  });

  it('what goes without what is Skipped there is swept in silence, loses what others added, also once the guard lets it, and does without after an upgrade too', async () => {
    test.cloud.plant({ kind: 'group', name: 'admins', path: '/theirs/' });
    await test.identity.tenant('careful', { ...TO_AWS, conflictResolution: 'skip', guard: { maxDeletesPercent: 0, maxDeletesCount: 0 } });
    const [group, user] = [await test.identity.group('admins', 'careful'), await test.identity.user('ann', { tenant: 'careful' })];
    for (const other of ['guests', 'readers']) await test.identity.group(other, 'careful');
    await test.identity.member('add', group, user, 'careful');
    await test.start();
    const reason = `not related to group/${group}, for that is Skipped at this target; all else is as it is to be`;
    const rests = (): Promise<void> => eventually(async () => {
      expect(await test.isQuiet()).toBe(true);
      expect((await test.said(user))?.outcome).toEqual({ state: 'Skipped', reason });
    });
    const row = async (): Promise<unknown> => (await test.pool.query('SELECT drift, waiting_for FROM sync_aws.engine_bindings WHERE resource = $1', [user])).rows[0];
    const sweep = (): Promise<unknown> => test.pool.query("UPDATE sync_aws.engine_bindings SET verify_since = $2, due_at = 0, lane = 1 WHERE resource = $1", [user, Date.now()]);
    const addedByOthers = async (to: string): Promise<void> => {
      await rests();
      await test.stop();
      test.cloud.named('ann')?.groups.add(test.cloud.named(to)?.id ?? '');
      await sweep();
      await test.start();
    };
    const resting = { drift: null, waiting_for: `present:${group}` };
    await addedByOthers('guests');
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual([]));
    await rests();
    expect(await row()).toEqual(resting);
    const told = (await test.outcomes(user)).length;
    await sweep();
    await test.stop();
    await test.start();
    await rests();
    expect((await test.outcomes(user)).length).toBe(told);
    // A few are let go whatever the budget.
    await test.pool.query("INSERT INTO sync_aws.engine_removals SELECT account, tenant, 'user', 'usr_' || n, '{thing}', $1 FROM sync_aws.engine_bindings, generate_series(1, 5) n WHERE resource = $2", [Date.now(), user]);
    await addedByOthers('readers');
    const { id, hash } = await listOf(test, 1);
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Skipped', reason: `not related to group/${group}, for that is Skipped at this target; held by the guard: ${id}` }));
    expect(await row()).toMatchObject({ waiting_for: resting.waiting_for });
    await test.identity.decide(id, 'approved', hash, 'careful');
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual([]));
    await rests();
    await test.stop();
    await test.pool.query("UPDATE sync_aws.engine_bindings SET state = 'Pending' WHERE resource = $1", [user]);
    await test.pool.query(`SET search_path TO sync_aws; ${LEFT_OUT_WAITS.up}; SET search_path TO DEFAULT`);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Skipped: 2, Synced: 2 }));
    expect(await row()).toEqual(resting);
  });

  it('a relation whose other end is not asked for at the target is left out, and follows when it is', async () => {
    const group = await test.identity.group('admins');
    await test.identity.patchGroup(group, { syncToProviders: ['gcp'] });
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.groupsOf('ann')).toEqual([]);
    await test.identity.patchGroup(group, { syncToProviders: null });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
    // Given up again, nothing is taken away.
    await test.identity.patchGroup(group, { syncToProviders: [] });
    await eventually(async () => expect(await test.stateOf(group)).toBe('NotConfigured'));
    await eventually(() => test.isQuiet());
    expect(test.cloud.groupsOf('ann')).toEqual(['admins']);
  });

  it('a group that failed keeps its members waiting, and lets them go on when it succeeds', async () => {
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'admins' ? { refuse: new ProviderError('AccessDenied', 'no') } : undefined);
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(async () => expect(await test.stateOf(group)).toBe('Failed'));
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending' }));
    test.cloud.fault = () => undefined;
    await test.identity.job('retry');
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
  });

  it('a renamed group keeps its members without a call for them', async () => {
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(() => test.isQuiet());
    await test.identity.patchGroup(group, { groupName: 'bosses' });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['bosses']));
    const writes = test.cloud.writes.length;
    await test.identity.patchUser(user, { tags: { x: 'y' } });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ x: 'y' }));
    expect(test.cloud.writes.slice(writes).map(({ api }) => api)).toEqual(['tag']);
    await test.identity.member('remove', group, user);
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual([]));
  });
});
