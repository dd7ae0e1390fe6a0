import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import type { Pool, PoolClient } from 'pg';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';
import { INSTANCE } from './spec-support/identity';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(60_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

/** Loses the answer of the first COMMIT that comes after a statement with this in it. */
function losingCommitAfter(pool: Pool, words: string): { pool: Pool; lost: () => boolean } {
  let armed = false;
  let lost = false;
  const query = async (client: PoolClient, args: unknown[]): Promise<unknown> => {
    const result = await (client.query as (...all: unknown[]) => Promise<unknown>).apply(client, args);
    armed ||= JSON.stringify(args).includes(words);
    if (args[0] !== 'COMMIT' || !armed || lost) return result;
    lost = true;
    throw new Error('Connection terminated unexpectedly');
  };
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    return { query: (...args: unknown[]) => query(client, args), release: (broken?: boolean) => client.release(broken) } as unknown as PoolClient;
  };
  return { pool: { connect, query: pool.query.bind(pool) } as unknown as Pool, lost: () => lost };
}

describe('no lost work: cases that the simulation found', () => {
  it('a claim that was committed and whose answer was lost does not stay in nobody\'s hand', async () => {
    const losing = losingCommitAfter(test.pool, 'wami.sync.started.v1');
    await test.start({ pool: losing.pool });
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(losing.lost()).toBe(true);
    expect(test.cloud.users()).toHaveLength(1);
  });

  it('an outcome that was committed and whose answer was lost is not taken for that of the next pass, and no two passes run at a time', async () => {
    const losing = losingCommitAfter(test.pool, 'wami.sync.succeeded.v1');
    let creating = (): void => undefined;
    const created = new Promise<void>((resolve) => {
      creating = resolve;
    });
    let tagging = 0;
    let most = 0;
    test.cloud.latency = async ({ api }) => {
      if (api === 'create') await created;
      if (api !== 'tag') return;
      most = Math.max(most, ++tagging);
      // Longer than until the outcome is recorded again.
      await new Promise((resolve) => {
        setTimeout(resolve, 300);
      });
      tagging -= 1;
    };
    await test.start({ pool: losing.pool, options: HOLDING });
    const user = await test.identity.user('ann');
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'create')).toBe(true));
    const position = await test.identity.patchUser(user, { tags: { team: 'a' } });
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    creating();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    await eventually(() => test.isQuiet());
    expect(losing.lost()).toBe(true);
    expect(most).toBe(1);
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create', 'tag']);
  });

  it('a deletion that came before its thing was visible is made again once it is, and Gone is told then', async () => {
    await test.start({ options: { sightMs: 1_500 } });
    // The look and the deletion both miss it.
    test.cloud.invisibleReads = 2;
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await test.identity.deleteUser(user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.things).toEqual([]);
  });

  it('renamed and deleted before it was visible, and the new name is somebody else\'s: it is deleted under its own name', async () => {
    await test.start();
    test.cloud.invisibleReads = 1;
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await test.stop();
    test.cloud.plant({ kind: 'user', name: 'bob' });
    await test.identity.patchUser(user, { userName: 'bob' });
    await test.identity.deleteUser(user);
    await test.start({ options: { sightMs: 1_500 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.users().map(({ name, mark }) => [name, mark])).toEqual([['bob', undefined]]);
  });

  it('renamed before it was visible: it is waited for, and no second one is made under the new name', async () => {
    await test.start();
    // The rename and the look for the old name both miss it.
    test.cloud.invisibleReads = 2;
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const position = await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    expect(test.cloud.users().map(({ name }) => name)).toEqual(['anna']);
  });

  it('found under the name of a rename whose answer was lost, and then refused another one: it is still found under the name that it has', async () => {
    await test.start();
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    let blind = true;
    test.cloud.fault = ({ api, to }) => (api === 'rename' && to === 'eve' ? { loseAnswer: true } : api === 'get' && blind ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    await test.identity.patchUser(ann, { userName: 'eve' });
    await eventually(() => expect(test.cloud.named('eve')).toBeDefined());
    const taken = await test.identity.patchUser(ann, { userName: 'bob' });
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings WHERE resource = $1', [ann])).rows).toEqual([{ intent: taken }]));
    blind = false;
    await eventually(async () => expect((await test.said(ann))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict' } }));
    const position = await test.identity.patchUser(ann, { userName: 'zed' });
    await eventually(async () => expect(await test.said(ann)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    expect(test.cloud.users().map(({ name, mark }) => [name, mark?.id]).sort()).toEqual([['bob', bob], ['zed', ann]]);
  });

  it('two creates whose answers were lost, and then their names were swapped: each gets the other\'s name', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { loseAnswer: true } : api === 'get' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    await test.start();
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await eventually(() => expect(test.cloud.users()).toHaveLength(2));
    await test.stop();
    await test.identity.patchUser(ann, { userName: 'between' });
    await test.identity.patchUser(bob, { userName: 'ann' });
    await test.identity.patchUser(ann, { userName: 'bob' });
    test.cloud.fault = () => undefined;
    await test.start({ options: { sightMs: 500 } });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(test.cloud.users().map(({ name, mark }) => [name, mark?.id]).sort()).toEqual([['ann', bob], ['bob', ann]]);
  });

  it('a create that nobody answered while somebody else had the name, and that comes about after the deletion: what it made is taken away', async () => {
    test.cloud.plant({ kind: 'user', name: 'ann' });
    let creates = 0;
    test.cloud.fault = ({ api }) => (api === 'create' && ++creates === 1 ? { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) } : undefined);
    const user = await test.identity.user('ann');
    await test.start({ options: { sightMs: 600_000 } });
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'get')).toBe(true));
    const position = await test.identity.deleteUser(user);
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    test.cloud.things = [];
    test.cloud.plant({ kind: 'user', name: 'ann', mark: { instance: INSTANCE, tenant: 'acme', id: user, kind: 'user' } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.things).toEqual([]);
  });

  it('a rename that comes about after its name was taken back is waited for, and no second one is made', async () => {
    await test.start({ options: { sightMs: 20_000 } });
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    let late = false;
    test.cloud.fault = ({ api, to }) => {
      if (api !== 'rename' || to !== 'eve') return undefined;
      late = true;
      return { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) };
    };
    await test.identity.patchUser(user, { userName: 'eve' });
    await eventually(() => expect(late).toBe(true));
    const position = await test.identity.patchUser(user, { userName: 'ann' });
    await eventually(async () => expect((await test.pool.query('SELECT intent FROM sync_aws.engine_bindings')).rows).toEqual([{ intent: position }]));
    const looks = test.cloud.calls.length;
    await eventually(() => expect(test.cloud.calls.length).toBeGreaterThan(looks));
    Object.assign(test.cloud.named('ann') ?? {}, { name: 'eve' });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    const job = await test.identity.job('sync');
    await eventually(async () => expect((await test.outcomes(user)).at(-1)).toMatchObject({ type: 'wami.sync.succeeded.v1', data: { jobs: [job] } }));
    expect(test.cloud.users().map(({ name }) => name)).toEqual(['ann']);
  });

  it('a tag that comes about after its time-out and after the next look is put right, also by another process, and is nobody else\'s drift', async () => {
    const clock = new ShiftedClock();
    await test.start(clock.parts({ sightMs: 60_000 }));
    const user = await test.identity.user('ann');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    let lost = 0;
    test.cloud.fault = ({ api }) => (api === 'tag' && ++lost === 1 ? { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) } : undefined);
    await test.identity.patchUser(user, { tags: { team: 'a' } });
    await eventually(() => expect(lost).toBeGreaterThan(0));
    const position = await test.identity.patchUser(user, { tags: { team: 'b' } });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    await test.stop();
    Object.assign(test.cloud.named('ann') ?? {}, { tags: { team: 'a' } });
    clock.shift(60_000);
    await test.start(clock.parts({ sightMs: 60_000 }));
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ team: 'b' }));
    await eventually(async () => expect((await test.pool.query('SELECT look_at FROM sync_aws.engine_bindings')).rows).toEqual([{ look_at: null }]));
    expect((await test.outcomes(user)).map(({ type }) => type)).not.toContain('wami.sync.drifted.v1');
  });

  it('another of ours took over what somebody had unmarked: the first is made anew under its new name', async () => {
    await test.identity.configure((await test.identity.tenant('late', TO_AWS)), 'late', { ...TO_AWS, conflictResolution: 'overwrite' });
    const user = await test.identity.user('cleo', { tenant: 'late' });
    await test.start({ options: { ownershipMs: 0, visibilityMs: 500, sightMs: 300 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const pause = await test.identity.pause({ tenant: 'late', resource: user });
    await test.identity.patchUser(user, { userName: 'eve' });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Pending'));
    delete test.cloud.named('cleo')?.mark;
    const other = await test.identity.user('cleo', { tenant: 'late' });
    await eventually(async () => expect(await test.stateOf(other)).toBe('Synced'));
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.users().map(({ name, mark }) => [name, mark?.id]).sort()).toEqual([['cleo', other], ['eve', user]]);
  });

  it('who is in a group that others deleted is compared as soon as that is found: put into the one that is made in its stead, or told to wait where it is theirs', async () => {
    const [group, user] = [await test.identity.group('admins'), await test.identity.user('ann')];
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await eventually(() => test.isQuiet());
    const deletedByOthers = (): void => {
      const admins = test.cloud.named('admins');
      test.cloud.things = test.cloud.things.filter((one) => one !== admins);
      for (const one of test.cloud.users()) one.groups.delete(admins?.id ?? '');
    };
    deletedByOthers();
    await test.identity.job('sync', { resources: [group] });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await eventually(() => test.isQuiet());
    deletedByOthers();
    test.cloud.plant({ kind: 'group', name: 'admins' });
    await test.identity.job('sync', { resources: [group] });
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Pending', reason: `waiting for group/${group}` }));
    expect(await test.stateOf(group)).toBe('Failed');
  });
});
