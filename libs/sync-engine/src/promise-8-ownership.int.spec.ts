import type { ConflictStrategy } from '@wami/contracts';
import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
});

/** Somebody's own ann stands there before ours is made. */
async function withForeignAnn(conflictResolution: ConflictStrategy): Promise<string> {
  test.cloud.plant({ kind: 'user', name: 'ann', path: '/theirs/', tags: { owner: 'them' } });
  await test.identity.tenant('acme', { ...TO_AWS, conflictResolution });
  const user = await test.identity.user('ann', { tags: { team: 'a' } });
  await test.start();
  return user;
}

describe('promise 8: ownership', () => {
  it('skip: leave it, state Skipped', async () => {
    const user = await withForeignAnn('skip');
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Skipped' }));
    expect(test.cloud.named('ann')).toMatchObject({ path: '/theirs/', tags: { owner: 'them' } });
    expect(test.cloud.named('ann')).not.toHaveProperty('mark');
  });

  it('fail: Failed with Conflict and the existing resource in details', async () => {
    const user = await withForeignAnn('fail');
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({
      state: 'Failed', retryCount: 0,
      error: { code: 'Conflict', retryable: false, details: { existing: { name: 'ann', path: '/theirs/', tags: { owner: 'them' }, nativeArn: expect.any(String) } } },
    }));
    await eventually(() => test.isQuiet());
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
    expect(test.cloud.named('ann')).toMatchObject({ path: '/theirs/', tags: { owner: 'them' } });
  });

  it('overwrite: adopt and make it equal', async () => {
    const user = await withForeignAnn('overwrite');
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'adopt', outcome: { state: 'Synced' } }));
    expect(test.cloud.users()).toEqual([expect.objectContaining({ path: '/', tags: { team: 'a' }, mark: expect.objectContaining({ id: user }) })]);
  });

  it('any conflict can be resolved later, once, by command', async () => {
    const user = await withForeignAnn('fail');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    const job = await test.identity.job('resolve', { resources: [user], strategy: 'overwrite' });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const succeeded = (await test.outcomes(user)).find(({ type }) => type === 'wami.sync.succeeded.v1');
    expect(succeeded?.data).toMatchObject({ jobs: [job], operation: 'adopt' });
    const { rows } = await test.pool.query('SELECT strategy FROM sync_aws.engine_bindings');
    expect(rows).toEqual([{ strategy: null }]);
  });

  it("a name marked by another tenant's or instance's thing is a conflict that no strategy overrides and whose words do not name the owner", async () => {
    for (const [name, mark] of [['ann', { instance: 'local', tenant: 'rival', id: 'usr_X', kind: 'user' }], ['bob', { instance: 'elsewhere', tenant: 'acme', id: 'usr_Y', kind: 'user' }]] as const) {
      test.cloud.plant({ kind: 'user', name, mark });
    }
    await test.identity.tenant('acme', { ...TO_AWS, conflictResolution: 'overwrite' });
    const users = [await test.identity.user('ann'), await test.identity.user('bob')];
    await test.start();
    for (const user of users) {
      await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict', retryable: false } }));
      const job = await test.identity.job('resolve', { resources: [user], strategy: 'overwrite' });
      await eventually(async () => expect((await test.outcomes(user)).at(-1)).toMatchObject({ type: 'wami.sync.failed.v1', data: { jobs: [job] } }));
    }
    const words = JSON.stringify((await test.outcomes()).map(({ data, personal }) => [data, personal]));
    for (const secret of ['rival', 'elsewhere', 'usr_X', 'usr_Y']) expect(words).not.toContain(secret);
    expect(test.cloud.named('ann')?.mark?.id).toBe('usr_X');
  });

  it('a found thing with our own mark is the result of our lost create: adopted silently', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    test.cloud.plant({ kind: 'user', name: 'ann', mark: { instance: 'local', tenant: 'acme', id: user, kind: 'user' } });
    await test.start();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'create', outcome: { state: 'Synced' } }));
    expect(test.cloud.users()).toHaveLength(1);
  });

  it.each([['its answer was lost', true], ['its answer came', false]])('ours that came out of a rename without its mark gets it back, when %s', async (_case, lost) => {
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann', { tags: { team: 'a' } });
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const { id } = test.cloud.named('ann') ?? {};
    test.cloud.renamesLoseTags = true;
    if (lost) test.cloud.fault = ({ api }) => (api === 'rename' ? { loseAnswer: true } : undefined);
    const position = await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced' } }));
    if (!lost) await test.identity.job('sync', { resources: [user] });
    await eventually(() => expect(test.cloud.users()).toEqual([
      expect.objectContaining({ id, name: 'anna', tags: { team: 'a' }, mark: { instance: 'local', tenant: 'acme', id: user, kind: 'user' } }),
    ]));
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  });

  it('the engine changes only what carries its mark or was adopted on purpose: never what is not ours any more', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start({ options: { ownershipMs: 0 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    test.cloud.things = [];
    test.cloud.plant({ kind: 'user', name: 'ann', tags: { owner: 'them' } });
    await test.identity.patchUser(user, { tags: { team: 'b' } });
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict' } }));
    await test.identity.deleteUser(user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.users()).toEqual([expect.objectContaining({ tags: { owner: 'them' } })]);
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
  });

  it('what vanished is made again', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start({ options: { ownershipMs: 0 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    test.cloud.things = [];
    await test.identity.patchUser(user, { tags: { team: 'b' } });
    await eventually(() => expect(test.cloud.named('ann')).toMatchObject({ tags: { team: 'b' }, mark: { id: user } }));
  });

  it('what vanished while we thought to know it is looked for and made again', async () => {
    await test.identity.tenant('acme', TO_AWS);
    const user = await test.identity.user('ann');
    await test.start({ options: { visibilityMs: 0 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    test.cloud.things = [];
    await test.identity.patchUser(user, { tags: { team: 'b' } });
    await eventually(() => expect(test.cloud.named('ann')).toMatchObject({ tags: { team: 'b' }, mark: { id: user } }));
  });

  it('a name that is just being given up by another resource of the target is waited for', async () => {
    await test.identity.tenant('acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 100, maxDelayMs: 200 } });
    const first = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.stateOf(first)).toBe('Synced'));
    test.cloud.fault = ({ api }) => (api === 'delete' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none' }) } : undefined);
    await test.identity.deleteUser(first);
    const second = await test.identity.user('ann');
    await eventually(async () => expect((await test.said(second))?.outcome).toEqual({ state: 'Pending', reason: `waiting for user/${first} to give the name up` }));
    test.cloud.fault = () => undefined;
    await eventually(async () => expect(await test.stateOf(second)).toBe('Synced'));
    expect(await test.stateOf(first)).toBe('Gone');
    expect(test.cloud.users()).toEqual([expect.objectContaining({ name: 'ann', mark: expect.objectContaining({ id: second }) })]);
  });
});
