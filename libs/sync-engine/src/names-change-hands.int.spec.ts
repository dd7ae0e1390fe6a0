import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import type { Api, Thing } from './spec-support/model-cloud';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

const settled = (states: Record<string, number>) => eventually(async () => {
  expect(await test.states()).toEqual(states);
  expect(await test.isQuiet()).toBe(true);
});

/** Native id of each user by name. */
const users = (): Record<string, string> => Object.fromEntries(test.cloud.users().map(({ name, id }) => [name, id]));

/** The next call of this kind is told that the name is taken, by something that nobody finds. */
function takenOnce(refused: Api): void {
  let left = 1;
  test.cloud.fault = ({ api }) => (api === refused && left-- > 0 ? { refuse: new ProviderError('AlreadyExists', 'the name is taken') } : undefined);
}

const waitsToBeSeen = (user: string) => eventually(async () =>
  expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending', reason: 'waiting until what was just made is visible' }));

/** Ann, the only user, becomes Anna at the cloud. Gives what stood there before. */
async function renamed(ann: string): Promise<Thing | undefined> {
  const [before] = test.cloud.users().map((thing) => ({ ...thing }));
  await test.identity.patchUser(ann, { userName: 'anna' });
  await eventually(() => expect(test.cloud.users()).toMatchObject([{ name: 'anna' }]));
  await settled({ Synced: 1 });
  return before;
}

describe('names that change hands', () => {
  it('a deletion whose answer was lost does not delete who got the name meanwhile', async () => {
    const first = await test.identity.user('ann');
    await test.start({ options: { sightMs: 500 } });
    await settled({ Synced: 1 });
    let deletions = 0;
    test.cloud.fault = ({ api }) => (api === 'delete' && ++deletions === 1 ? { loseAnswer: true } : undefined);
    // Whatever comes after the lost answer, comes after the name has its new holder.
    test.cloud.latency = async ({ api }) => {
      if (api === 'delete' && deletions > 0) await eventually(() => test.cloud.named('ann') !== undefined, { timeoutMs: 300 }).catch(() => undefined);
    };
    await test.identity.deleteUser(first);
    await eventually(() => expect(test.cloud.named('ann')).toBeUndefined());
    const second = await test.identity.user('ann');
    await settled({ Synced: 1, Gone: 1 });
    expect(test.cloud.users()).toEqual([expect.objectContaining({ name: 'ann', mark: expect.objectContaining({ id: second }) })]);
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(2);
  });

  it('a name is not given while a deletion by it that nobody answered may still come about, nor by another process', async () => {
    const clock = new ShiftedClock();
    const first = await test.identity.user('ann');
    await test.start(clock.parts({ sightMs: 60_000 }));
    await settled({ Synced: 1 });
    let deletions = 0;
    test.cloud.fault = ({ api }) => (api === 'delete' && ++deletions === 1 ? { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) } : undefined);
    await test.identity.deleteUser(first);
    await settled({ Gone: 1 });
    await test.stop();
    const second = await test.identity.user('ann');
    await test.start(clock.parts({ sightMs: 60_000 }));
    const reason = 'waiting until a call by that name can come about no more';
    await eventually(async () => expect((await test.said(second))?.outcome).toMatchObject({ state: 'Pending', reason, nextRetryAt: expect.any(String) }));
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'ann');
    clock.shift(60_000);
    await settled({ Synced: 1, Gone: 1 });
    expect(test.cloud.users()).toEqual([expect.objectContaining({ name: 'ann', mark: expect.objectContaining({ id: second }) })]);
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(2);
  });

  it('a name is not given while a rename of what had it that nobody answered may still come about, nor by another process', async () => {
    const clock = new ShiftedClock();
    const first = await test.identity.user('ann');
    await test.start(clock.parts({ sightMs: 60_000 }));
    await settled({ Synced: 1 });
    let renames = 0;
    test.cloud.fault = ({ api }) => (api === 'rename' && ++renames === 1 ? { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) } : undefined);
    await test.identity.patchUser(first, { userName: 'bob' });
    await eventually(() => expect(test.cloud.named('bob')).toBeDefined());
    await settled({ Synced: 1 });
    await test.stop();
    const second = await test.identity.user('ann');
    await test.start(clock.parts({ sightMs: 60_000 }));
    const reason = 'waiting until a call by that name can come about no more';
    await eventually(async () => expect((await test.said(second))?.outcome).toMatchObject({ state: 'Pending', reason, nextRetryAt: expect.any(String) }));
    expect(test.cloud.named('ann')).toBeUndefined();
    clock.shift(60_000);
    await settled({ Synced: 2 });
    expect(test.cloud.users().map(({ name, mark }) => [name, mark?.id]).sort()).toEqual([['ann', second], ['bob', first]]);
  });

  it('a name that was taken when it was asked for and free when it was looked at is asked for again: by a create', async () => {
    takenOnce('create');
    const user = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    expect((await test.said(user))?.outcome.state).toBe('Synced');
  });

  it('a name that was taken when it was asked for and free when it was looked at is asked for again: by a rename', async () => {
    const user = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    takenOnce('rename');
    await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(() => expect(Object.keys(users())).toEqual(['anna']));
    await settled({ Synced: 1 });
  });

  it('what is left of a deleted holder for a moment is waited for', async () => {
    const first = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    const [{ mark } = {}] = test.cloud.users();
    await test.identity.deleteUser(first);
    await settled({ Gone: 1 });
    const ghost = test.cloud.plant({ kind: 'user', name: 'ann', ...(mark ? { mark } : {}) });
    const second = await test.identity.user('ann');
    await eventually(async () => expect((await test.said(second))?.outcome).toMatchObject({ state: 'Pending' }));
    test.cloud.things = test.cloud.things.filter((thing) => thing !== ghost);
    await settled({ Synced: 1, Gone: 1 });
  });

  it.each([2, 3])('%i names that go round in a circle all arrive, and nothing is made anew', async (length) => {
    const names = ['ann', 'bob', 'cat'].slice(0, length);
    const ids: string[] = [];
    for (const name of names) ids.push(await test.identity.user(name));
    await test.start();
    await settled({ Synced: length });
    const before = users();
    await test.stop();
    for (const id of ids) await test.identity.patchUser(id, { userName: `${id}-on-its-way` });
    for (const [i, id] of ids.entries()) await test.identity.patchUser(id, { userName: names[(i + 1) % length] ?? '' });
    await test.start();
    await settled({ Synced: length });
    expect(users()).toEqual(Object.fromEntries(names.map((name, i) => [names[(i + 1) % length], before[name]])));
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(length);
  });

  it.each([
    ['by one that goes elsewhere', ['ann', 'bob'], ['bob', 'carl']],
    ['in a circle of two', ['ann', 'bob'], ['bob', 'ann']],
    ['in a circle of three', ['ann', 'bob', 'cat'], ['bob', 'cat', 'ann']],
  ])('a conflict over a name goes by itself where it is heard only later that the name was given up: %s', async (_, names, later) => {
    const ids: string[] = [];
    for (const name of names) ids.push(await test.identity.user(name));
    await test.start();
    await settled({ Synced: names.length });
    const before = users();
    for (const [i, id] of ids.slice(0, -1).entries()) {
      await test.identity.patchUser(id, { userName: later[i] ?? '' });
      await eventually(async () => expect((await test.said(id))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict' } }));
    }
    await test.identity.patchUser(ids.at(-1) ?? '', { userName: later.at(-1) ?? '' });
    await settled({ Synced: names.length });
    expect(users()).toEqual(Object.fromEntries(names.map((name, i) => [later[i], before[name]])));
  });

  it('what was made a moment ago is deleted also where a look still finds who had its name before', async () => {
    const first = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    const [ghost] = test.cloud.users();
    await test.identity.deleteUser(first);
    await settled({ Gone: 1 });
    const second = await test.identity.user('ann');
    await settled({ Gone: 1, Synced: 1 });
    test.cloud.outdated = () => ghost;
    await test.identity.deleteUser(second);
    await waitsToBeSeen(second);
    test.cloud.outdated = () => undefined;
    await settled({ Gone: 2 });
    expect(test.cloud.users()).toEqual([]);
  });

  it('what was renamed a moment ago is deleted also where a look still finds it under its old name', async () => {
    const ann = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    const before = await renamed(ann);
    test.cloud.outdated = () => before;
    await test.identity.deleteUser(ann);
    await waitsToBeSeen(ann);
    test.cloud.outdated = () => undefined;
    await settled({ Gone: 1 });
    expect(test.cloud.users()).toEqual([]);
  });

  it('a name is not given while what had it may be deleted by it once more', async () => {
    const first = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    const [ghost] = test.cloud.users();
    // Made a moment ago and not visible yet: deleted all the same, and looked at once more.
    test.cloud.look = () => undefined;
    await test.identity.deleteUser(first);
    await eventually(() => expect(test.cloud.named('ann')).toBeUndefined());
    test.cloud.look = () => ghost;
    let looks = 0;
    test.cloud.fault = ({ api }) => (api === 'get' && ++looks === 1 ? { refuse: new ProviderError('Throttled', 'slower', { effect: 'none', retryAfterMs: 700 }) } : undefined);
    const second = await test.identity.user('ann');
    await settled({ Synced: 1, Gone: 1 });
    expect(test.cloud.users()).toEqual([expect.objectContaining({ name: 'ann', mark: expect.objectContaining({ id: second }) })]);
    expect(test.cloud.calls.filter(({ api }) => api === 'create')).toHaveLength(2);
  });

  it('what was renamed a moment ago is deleted also where a look does not show it yet', async () => {
    const clock = new ShiftedClock();
    const ann = await test.identity.user('ann');
    await test.start(clock.parts({ visibilityMs: 60_000 }));
    await settled({ Synced: 1 });
    clock.shift(60_000);
    await renamed(ann);
    const look = test.cloud.look.bind(test.cloud);
    test.cloud.look = () => undefined;
    await test.identity.deleteUser(ann);
    await waitsToBeSeen(ann);
    test.cloud.look = look;
    await settled({ Gone: 1 });
    expect(test.cloud.users()).toEqual([]);
  });

  it('what was renamed a moment ago is not called by its old name where a look still finds it there', async () => {
    const ann = await test.identity.user('ann');
    await test.start();
    await settled({ Synced: 1 });
    const before = await renamed(ann);
    test.cloud.outdated = () => before;
    await test.identity.job('sync');
    await waitsToBeSeen(ann);
    test.cloud.outdated = () => undefined;
    await settled({ Synced: 1 });
    expect(test.cloud.calls.filter(({ api }) => api === 'rename')).toHaveLength(1);
  });

  it.each(['a user that is about to give it up', 'somebody else'])('a create that nobody heard of is not forgotten while its new name is held by %s', async (holder) => {
    const bob = holder === 'somebody else' ? undefined : await test.identity.user('bob');
    if (!bob) test.cloud.plant({ kind: 'user', name: 'bob' });
    await test.start({ options: { callTimeoutMs: 8_000, leaseMs: 30_000 } });
    if (bob) await settled({ Synced: 1 });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api, name }) => (api === 'rename' && name === 'bob' ? released : Promise.resolve());
    if (bob) await test.identity.patchUser(bob, { userName: 'carl' });
    const unseen = { refuse: new ProviderError('AccessDenied', 'no', { effect: 'none' }) } as const;
    test.cloud.fault = ({ api }) => (api === 'create' ? { loseAnswer: true } : api === 'get' ? unseen : undefined);
    const ann = await test.identity.user('ann');
    await eventually(async () => expect((await test.said(ann))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'AccessDenied' } }));
    test.cloud.fault = () => undefined;
    await test.identity.patchUser(ann, { userName: 'bob' });
    await eventually(async () => expect((await test.said(ann))?.outcome).toMatchObject(bob
      ? { state: 'Pending', reason: expect.stringMatching(/to give the name up$|^waiting until a call by that name/) } : { state: 'Failed', error: { code: 'Conflict' } }));
    await test.identity.patchUser(ann, { userName: 'dora' });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    release();
    await settled({ Synced: bob ? 2 : 1 });
    expect(Object.keys(users()).sort()).toEqual([bob ? 'carl' : 'bob', 'dora']);
  });

  it('a step aside whose answer was lost is found under the name that it took', async () => {
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await test.start();
    await settled({ Synced: 2 });
    const before = users();
    await test.stop();
    await test.identity.patchUser(ann, { userName: 'elsewhere' });
    await test.identity.patchUser(bob, { userName: 'ann' });
    await test.identity.patchUser(ann, { userName: 'bob' });
    let lost = 0;
    test.cloud.fault = ({ api, to }) => (api === 'rename' && to?.startsWith('usr_') && ++lost === 1 ? { loseAnswer: true } : undefined);
    await test.start();
    await settled({ Synced: 2 });
    expect(lost).toBeGreaterThan(0);
    expect(users()).toEqual({ ann: before['bob'], bob: before['ann'] });
  });
});
