import { patiently as eventually, worldForEach } from '@wami/testing';
import { hintOf, type ConflictStrategy, type SyncState } from '@wami/contracts';
import { CONNECTION, EngineUnderTest } from './spec-support/engine-under-test';
import { askImport, importThing, toldOf } from './spec-support/imports';
import { Pulling } from './spec-support/pulling';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let pulling: Pulling;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
  pulling = new Pulling(opened);
});

const tagsOf = (name: string): Record<string, string> | undefined => test.cloud.named(name)?.tags;
const changeByHand = (name: string, tags: Record<string, string>): void => {
  const thing = test.cloud.named(name);
  if (thing) thing.tags = tags;
};
const reasonOf = async (resource: string): Promise<string> => {
  const outcome = (await test.said(resource))?.outcome;
  return outcome?.state === 'Skipped' ? outcome.reason : `${outcome?.state}`;
};
const CHANGED_HERE = 'the tenant pulls from this target: what was changed here is not written there';
const writesFrom = (from: number): string[] => test.cloud.writes.slice(from).map(({ api, name }) => `${api} ${name}`);

describe('promise 11: pull', () => {
  it('takes over as a change of intent what differs at the target, field by field, and writes nothing there; the sweep after finds both sides alike', async () => {
    const [renamed = '', tagged = '', outside = '', same = ''] = await pulling.users(['user0', 'user1', 'user2', 'user3'], { direction: 'pull' });
    const crew = test.cloud.plant({ kind: 'group', name: 'strangers' });
    const writes = test.cloud.writes.length;
    Object.assign(test.cloud.named('user0') ?? {}, { name: 'anna', path: '/moved/' });
    changeByHand('user1', { stray: 'x' });
    test.cloud.named('user2')?.groups.clear();
    test.cloud.named('user3')?.groups.add(crew.id);
    await pulling.sweep();
    const admins = String(test.cloud.named('admins')?.mark?.id);
    expect((await pulling.told('drifted')).map(({ key }) => key).sort()).toEqual([renamed, tagged, outside].sort());
    expect((await pulling.told('pulled')).map(({ data }) => (data as { differs: string[] }).differs).flat().sort()).toEqual(['fields/name', 'fields/path', `groups/${admins}`, 'tags/stray', 'tags/team']);
    for (const user of [renamed, tagged, outside]) expect(await reasonOf(user)).toContain('becomes the state here');
    expect(Object.fromEntries((await pulling.told('pulled')).map(({ key, personal }) => [key, (personal as { differences: object[] }).differences]))).toEqual({
      [renamed]: [{ at: 'fields/name', expected: 'user0', found: 'anna' }, { at: 'fields/path', expected: '/', found: '/moved/' }],
      [tagged]: [{ at: 'tags/stray', found: 'x' }, { at: 'tags/team', expected: 'a' }], [outside]: [{ at: `groups/${admins}`, expected: admins }],
    });
    await pulling.takeOver();
    for (const user of [renamed, tagged, outside, same]) expect(await test.stateOf(user)).toBe('Synced');
    expect(await pulling.echo()).toEqual([]);
    expect(writesFrom(writes)).toEqual([]);
    // And it is the common ground from now on.
    changeByHand('user1', { stray: 'y' });
    await pulling.sweep();
    expect(await pulling.pulled()).toEqual([[tagged, [{ at: 'tags/stray', expected: 'x', found: 'y' }]]]);
  });

  it('writes nothing of what was changed, made or deleted here, says why, and carries it out once the tenant pushes again', async () => {
    const [changed = '', deleted = ''] = await pulling.users(['user0', 'user1'], { direction: 'pull' });
    const writes = test.cloud.writes.length;
    await test.identity.patchUser(changed, { tags: { team: 'b' } });
    await test.identity.deleteUser(deleted);
    const made = await test.identity.user('user2');
    await pulling.settled();
    expect([await reasonOf(changed), await reasonOf(made), await reasonOf(deleted)]).toEqual([CHANGED_HERE, CHANGED_HERE, 'the tenant pulls from this target: what was deleted here is not deleted there']);
    expect(hintOf((await test.said(changed))?.outcome as SyncState)).toContain('direction');
    expect(await pulling.echo()).toEqual([]);
    expect(writesFrom(writes)).toEqual([]);
    await pulling.configure({ direction: 'push' });
    expect(writesFrom(writes).sort()).toEqual(['create user2', 'delete user1', 'remove admins', 'tag user0']);
    expect([tagsOf('user0'), test.cloud.named('user1'), tagsOf('user2')]).toEqual([{ team: 'b' }, undefined, {}]);
  });

  it('what was deleted at the target is told, and nothing here is: it stays until somebody deletes it here too', async () => {
    const [gone = ''] = await pulling.users(['user0', 'user1'], { direction: 'pull' });
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'user0');
    await pulling.sweep();
    expect((await pulling.told('drifted')).map(({ key, data }) => [key, (data as { drift: string }).drift])).toEqual([[gone, 'missing']]);
    expect(await reasonOf(gone)).toBe('it was deleted at the target; what is here stays until somebody decides');
    expect([await pulling.pulled(), await pulling.echo(), test.cloud.named('user0')]).toEqual([[], [], undefined]);
    await test.identity.deleteUser(gone);
    await eventually(async () => expect((await test.outcomes(gone)).at(-1)).toMatchObject({ type: 'wami.sync.succeeded.v1', data: { operation: 'delete', changed: false } }));
  });

  it('what is refused here stays different, is told once, and again where somebody asks; a later change of it is told too', async () => {
    const [user = ''] = await pulling.users(['user0'], { direction: 'pull' });
    changeByHand('user0', { team: 'a', odd: 'x' });
    await pulling.sweep();
    expect(await pulling.pulled()).toHaveLength(1);
    expect(await pulling.echo()).toEqual([]);
    await test.identity.job('sync', { resources: [user] });
    await eventually(async () => expect(await pulling.pulled()).toEqual([[user, [{ at: 'tags/odd', found: 'x' }]]]));
    await pulling.settled();
    changeByHand('user0', { team: 'a', odd: 'y' });
    await pulling.sweep();
    expect(await pulling.pulled()).toEqual([[user, [{ at: 'tags/odd', found: 'y' }]]]);
  });

  it('what is imported is adopted without a write, by a connection that may only look, and pulled from then on', async () => {
    await pulling.users([], { direction: 'pull' });
    test.connections.set([{ ...CONNECTION, mode: 'observe' }]);
    const writes = test.cloud.writes.length;
    test.cloud.plant({ kind: 'user', name: 'theirs', path: '/theirs/', tags: { cost: '1' } });
    const job = await askImport(test);
    await eventually(async () => expect((await toldOf(test, job)).listed).toBeDefined());
    const [item] = (await toldOf(test, job)).items.filter(({ thing }) => thing.name === 'theirs');
    if (!item) throw new Error('not found');
    const user = await importThing(test, job, item);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    changeByHand('theirs', { cost: '2' });
    await pulling.sweep();
    expect(await pulling.pulled()).toEqual([[user, [{ at: 'tags/cost', expected: '1', found: '2' }]]]);
    await pulling.takeOver();
    expect(writesFrom(writes)).toEqual([]);
  });
});

describe('promise 11: bidirectional', () => {
  it('whichever side changed since the last sync: what changed here is written, what changed there is taken over, and the sweep after finds both alike', async () => {
    const [user = ''] = await pulling.users(['user0', 'user1'], { direction: 'bidirectional' });
    const writes = test.cloud.writes.length;
    changeByHand('user0', { team: 'a', theirs: '1' });
    await test.identity.patchUser(user, { tags: { ours: '1' } });
    await pulling.settled();
    expect(tagsOf('user0')).toEqual({ team: 'a', theirs: '1', ours: '1' });
    expect((await pulling.told('pulled')).map(({ key, personal }) => [key, personal])).toEqual([[user, { differences: [{ at: 'tags/theirs', found: '1' }] }]]);
    await pulling.takeOver();
    expect(await test.stateOf(user)).toBe('Synced');
    expect(await pulling.echo()).toEqual([]);
    expect(writesFrom(writes)).toEqual(['tag user0']);
    await test.identity.patchUser(user, { tags: { theirs: null } });
    await pulling.settled();
    expect(tagsOf('user0')).toEqual({ team: 'a', ours: '1' });
  });

  it('both changed the same: a conflict, and the strategy says what is done about it; nothing is told or written again by the sweep after', async () => {
    await pulling.users([], { direction: 'bidirectional' });
    const strategies = ['fail', 'skip', 'overwrite', 'merge'] as const;
    const ids = new Map<ConflictStrategy, string>();
    for (const conflictResolution of strategies) {
      await test.identity.tenant(`acme/${conflictResolution}`, { conflictResolution });
      ids.set(conflictResolution, await test.identity.user(conflictResolution, { tenant: `acme/${conflictResolution}`, tags: { team: 'a', gone: 'x' } }));
    }
    await pulling.settled();
    for (const strategy of strategies) {
      changeByHand(strategy, { team: 'theirs', gone: 'theirs' });
      await test.identity.patchUser(ids.get(strategy) ?? '', { tags: { team: 'ours', gone: null } });
    }
    await pulling.settled();
    const [fail = '', , , merge = ''] = strategies.map((strategy) => ids.get(strategy) ?? '');
    const there = { team: 'theirs', gone: 'theirs' };
    expect(strategies.map((strategy) => tagsOf(strategy))).toEqual([there, there, { team: 'ours' }, { team: 'ours', gone: 'theirs' }]);
    expect(await Promise.all(strategies.map((strategy) => test.stateOf(ids.get(strategy) ?? '')))).toEqual(['Failed', 'Skipped', 'Synced', 'Skipped']);
    expect(await test.said(fail)).toMatchObject({
      outcome: { error: { code: 'Conflict', details: { conflicts: [{ at: 'tags/gone', base: 'x', theirs: 'theirs' }, { at: 'tags/team', base: 'a', ours: 'ours', theirs: 'theirs' }] } } },
    });
    expect((await pulling.told('pulled')).map(({ key, personal }) => [key, personal])).toEqual([[merge, { differences: [{ at: 'tags/gone', found: 'theirs' }] }]]);
    await pulling.takeOver();
    expect([await test.stateOf(merge), await pulling.echo()]).toEqual(['Synced', []]);
    await test.identity.job('resolve', { resources: [fail], strategy: 'overwrite' });
    await eventually(async () => expect(await test.stateOf(fail)).toBe('Synced'));
    expect(tagsOf('fail')).toEqual({ team: 'ours' });
  });

  it('what was deleted there is not made again unless somebody asks; where it was changed here too that is a conflict; what is deleted here is deleted there', async () => {
    const [gone = '', both = '', deleted = ''] = await pulling.users(['user0', 'user1', 'user2'], { direction: 'bidirectional' });
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'user0' && name !== 'user1');
    await test.identity.patchUser(both, { tags: { team: 'b' } });
    await test.identity.deleteUser(deleted);
    await pulling.settled();
    await pulling.sweep();
    expect([await reasonOf(gone), await test.stateOf(both), test.cloud.named('user2')]).toEqual(['it was deleted at the target; what is here stays until somebody decides', 'Failed', undefined]);
    expect(await test.said(both)).toMatchObject({ outcome: { error: { details: { conflicts: [{ at: 'thing', base: 'user1', ours: 'user1' }] } } } });
    for (const resource of [gone, both]) await test.identity.job('resolve', { resources: [resource], strategy: 'overwrite' });
    await eventually(async () => expect([await test.stateOf(gone), await test.stateOf(both)]).toEqual(['Synced', 'Synced']));
    expect([test.cloud.groupsOf('user0'), tagsOf('user1')]).toEqual([['admins'], { team: 'b' }]);
  });

  it('what an attempt of our own may have done is nobody else’s change: a lost answer leads to no conflict and takes nothing over', async () => {
    const [user = ''] = await pulling.users(['user0'], { direction: 'bidirectional' });
    let lost = false;
    test.cloud.fault = ({ api }) => {
      if (lost || api !== 'tag') return undefined;
      lost = true;
      return { loseAnswer: true };
    };
    await test.identity.patchUser(user, { tags: { team: 'b' } });
    await eventually(() => expect(lost).toBe(true));
    await test.identity.patchUser(user, { tags: { team: 'a' } });
    await pulling.settled();
    expect([await test.stateOf(user), tagsOf('user0'), await pulling.pulled()]).toEqual(['Synced', { team: 'a' }, []]);
  });
});
