import type { RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let crew: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  crew = '';
});

const settled = (): Promise<unknown> => eventually(() => test.isQuiet());
const takenOver = async (): Promise<RecordedEvent[]> => (await test.outcomes()).filter(({ type }) => type === 'wami.sync.taken-over.v1');
const writesFrom = (from: number): string[] => test.cloud.writes.slice(from).map(({ api, name }) => `${api} ${name}`);

/** Somebody's own ann, in a group of ours and in one of theirs, when ours is made; resolves with ours. */
async function withForeignAnn(conflictResolution: 'merge' | 'fail' = 'merge'): Promise<string> {
  await test.identity.tenant('acme', { ...TO_AWS, conflictResolution });
  crew = await test.identity.group('crew');
  const admins = await test.identity.group('admins');
  await test.start();
  await settled();
  const { groups } = test.cloud.plant({ kind: 'user', name: 'ann', path: '/theirs/', tags: { owner: 'them', team: 'z' } });
  groups.add(test.cloud.named('crew')?.id ?? '');
  groups.add(test.cloud.plant({ kind: 'group', name: 'strangers' }).id);
  const user = await test.identity.user('ann', { tags: { team: 'a' } });
  await test.identity.member('add', admins, user);
  return user;
}

/** What identity does with what was taken over. */
async function writeBack(): Promise<void> {
  const [event] = await takenOver();
  const { resource, relations } = event?.data as { resource: string; relations: Record<string, string[]> };
  await test.identity.patchUser(resource, { tags: (event?.personal as { tags: object }).tags });
  for (const group of relations['groups'] ?? []) await test.identity.member('add', group, resource);
}

describe('promise 8: merge', () => {
  it('adopts and merges: additive for sets (tags, members), desired wins for single fields; what only the provider has is written back as an event', async () => {
    const user = await withForeignAnn();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect((await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.succeeded.v1')[0]).toMatchObject({ data: { operation: 'adopt' } });
    expect(test.cloud.named('ann')).toMatchObject({ path: '/', tags: { owner: 'them', team: 'a' }, mark: { id: user } });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins', 'crew', 'strangers']));
    expect((await takenOver()).map(({ key, data, personal }) => [key, data, personal])).toEqual([[user, expect.objectContaining({ resource: user, relations: { groups: [crew] } }), { tags: { owner: 'them' } }]]);
  });

  it('the write-back leads to a pass without a call, after which it is intent like all else', async () => {
    const user = await withForeignAnn();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await settled();
    const calls = test.cloud.calls.length;
    await writeBack();
    await settled();
    expect(await test.stateOf(user)).toBe('Synced');
    expect(test.cloud.calls).toHaveLength(calls);
    expect(await takenOver()).toHaveLength(1);
    const writes = test.cloud.writes.length;
    await test.identity.patchUser(user, { tags: { owner: null } });
    await test.identity.member('remove', crew, user);
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins', 'strangers']));
    await settled();
    expect(test.cloud.named('ann')?.tags).toEqual({ team: 'a' });
    expect(writesFrom(writes).sort()).toEqual(['remove crew', 'untag ann']);
  });

  it('what identity has not taken over, or refused, is left alone, also by a look at everything', async () => {
    const user = await withForeignAnn();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await settled();
    const writes = test.cloud.writes.length;
    const job = await test.identity.job('sync');
    await eventually(async () => expect((await test.outcomes(user)).at(-1)).toMatchObject({ type: 'wami.sync.succeeded.v1', data: { jobs: [job], changed: false } }));
    expect(writesFrom(writes)).toEqual([]);
    expect((await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.drifted.v1')).toEqual([]);
    expect(await takenOver()).toHaveLength(1);
  });

  it.each(['tag', 'rename', 'add'] as const)('a merge whose answer was lost at %s loses nothing of what the provider had', async (at) => {
    let lost = false;
    test.cloud.fault = ({ api, name }) => {
      if (lost || api !== at || (api !== 'add' && name !== 'ann')) return undefined;
      lost = true;
      return { loseAnswer: true };
    };
    const user = await withForeignAnn();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    await settled();
    expect(lost).toBe(true);
    expect(test.cloud.named('ann')).toMatchObject({ path: '/', tags: { owner: 'them', team: 'a' }, mark: { id: user } });
    expect(test.cloud.groupsOf('ann')).toEqual(['admins', 'crew', 'strangers']);
    expect((await takenOver()).map(({ data, personal }) => [(data as { relations: object }).relations, personal])).toEqual([[{ groups: [crew] }, { tags: { owner: 'them' } }]]);
  });

  it('any conflict can be resolved later by merge, once, by command', async () => {
    const user = await withForeignAnn('fail');
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    await test.identity.job('resolve', { resources: [user], strategy: 'merge' });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'adopt', outcome: { state: 'Synced' } }));
    expect(test.cloud.named('ann')?.tags).toEqual({ owner: 'them', team: 'a' });
    expect(await takenOver()).toHaveLength(1);
    expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_bindings WHERE strategy IS NOT NULL')).rowCount).toBe(0);
  });

  it('three ways: what we left there ourselves and do not want any more is taken away', async () => {
    await test.identity.tenant('acme', { ...TO_AWS, conflictResolution: 'merge' });
    const user = await test.identity.user('ann', { tags: { team: 'a', old: 'x' } });
    await test.start({ options: { ownershipMs: 0 } });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    test.cloud.things = [];
    test.cloud.plant({ kind: 'user', name: 'ann', tags: { old: 'x', owner: 'them' } });
    await test.identity.patchUser(user, { tags: { old: null } });
    await eventually(() => expect(test.cloud.named('ann')).toMatchObject({ tags: { team: 'a', owner: 'them' }, mark: { id: user } }));
    await settled();
    expect(test.cloud.named('ann')?.tags).not.toHaveProperty('old');
    expect((await takenOver()).map(({ personal }) => personal)).toEqual([{ tags: { owner: 'them' } }]);
  });
});
