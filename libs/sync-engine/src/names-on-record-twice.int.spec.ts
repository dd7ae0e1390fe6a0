import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

const OPTIONS = { visibilityMs: 1_000, sightMs: 500 };
let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

/** A group of ours that somebody deleted in the cloud, unknown to the engine. */
async function deletedByHand(): Promise<string> {
  const group = await test.identity.group('admins');
  await test.start({ options: OPTIONS });
  await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
  await test.stop();
  test.cloud.things = [];
  return group;
}

const settled = () => eventually(async () => {
  expect(await test.isQuiet()).toBe(true);
  expect(Object.keys(await test.states())).toEqual(['Synced']);
});

const groups = () => test.cloud.things.filter(({ kind }) => kind === 'group').map(({ name, mark }) => [name, mark?.id]).sort();

describe('a group that was deleted in the cloud, and whose name another group of ours gets', () => {
  it('in one batch: nobody is put into the other group in its stead', async () => {
    const group = await deletedByHand();
    const pause = await test.identity.pause({});
    await test.identity.patchGroup(group, { groupName: 'owners' });
    const other = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start({ options: OPTIONS });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Pending'));
    await eventually(() => test.isQuiet());
    // The membership is on its way long enough for the other group to be made.
    test.cloud.latency = ({ api, name }) => (api === 'create' && name === 'ann' ? new Promise((resolve) => {
      setTimeout(resolve, 200);
    }) : Promise.resolve());
    await test.identity.resume(pause);
    await settled();
    expect(test.cloud.groupsOf('ann')).toEqual(['owners']);
    expect(groups()).toEqual([['admins', other], ['owners', group]]);
  });

  it('while the first is paused: who is to become its member waits, says so, and gets into it once it has a name of its own', async () => {
    const group = await deletedByHand();
    const pause = await test.identity.pause({ resource: group });
    await test.start({ options: OPTIONS });
    await test.identity.patchGroup(group, { groupName: 'owners' });
    const other = await test.identity.group('admins');
    await eventually(async () => expect(await test.stateOf(other)).toBe('Synced'));
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending', reason: `waiting for the name of group/${group}, which is paused, to be certain` }));
    expect(test.cloud.groupsOf('ann')).toEqual([]);
    await test.identity.resume(pause);
    await settled();
    expect(test.cloud.groupsOf('ann')).toEqual(['owners']);
    expect(groups()).toEqual([['admins', other], ['owners', group]]);
  });
});

describe('a user that was deleted in the cloud, and whose name another user gets', () => {
  it('is not renamed by that name', async () => {
    const clock = new ShiftedClock();
    const first = await test.identity.user('dan');
    await test.start(clock.parts({ visibilityMs: 5_000 }));
    await settled();
    const pause = await test.identity.pause({ resource: first });
    await test.identity.patchUser(first, { userName: 'ann' });
    test.cloud.things = [];
    const second = await test.identity.user('dan');
    await eventually(async () => expect(await test.stateOf(second)).toBe('Synced'));
    await test.identity.resume(pause);
    await eventually(async () => expect((await test.said(first))?.outcome).toMatchObject({ state: 'Pending', reason: 'waiting until what was just made is visible' }));
    clock.shift(5_000);
    await settled();
    expect(test.cloud.users().map(({ name, mark }) => [name, mark?.id]).sort()).toEqual([['ann', first], ['dan', second]]);
    expect(test.cloud.calls.filter(({ api }) => api === 'rename')).toEqual([]);
  });
});
