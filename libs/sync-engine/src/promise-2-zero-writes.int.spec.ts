import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
});

const settled = (): Promise<unknown> => eventually(() => test.isQuiet());

async function thirtyUsers(): Promise<string[]> {
  await test.identity.tenant('acme', TO_AWS);
  const group = await test.identity.group('admins');
  const users: string[] = [];
  for (let i = 0; i < 30; i++) users.push(await test.identity.user(`user${i}`, { tags: { b: '2', a: '1' } }));
  for (const user of users) await test.identity.member('add', group, user);
  await test.start();
  await settled();
  return users;
}

async function successesOf(job: string): Promise<{ changed: boolean }[]> {
  const all = (await test.outcomes()).filter(({ type }) => type === 'wami.sync.succeeded.v1').map(({ data }) => data as { changed: boolean; jobs?: string[] });
  return all.filter(({ jobs = [] }) => jobs.includes(job));
}

describe('promise 2: zero writes when nothing differs', () => {
  it('a second full sync makes no write call, and reads in bulk', async () => {
    await thirtyUsers();
    const calls = test.cloud.calls.length;
    const writes = test.cloud.writes.length;
    const job = await test.identity.job('sync');
    await eventually(async () => expect(await successesOf(job)).toHaveLength(31));
    expect((await successesOf(job)).filter(({ changed }) => changed)).toEqual([]);
    expect(test.cloud.writes).toHaveLength(writes);
    expect(test.cloud.calls.slice(calls).filter(({ api }) => api === 'list').length).toBeGreaterThan(0);
    expect(test.cloud.calls.length - calls).toBeLessThan(5);
  });

  it('a full sync repairs just what differs, and makes again what is gone', async () => {
    await thirtyUsers();
    const writes = test.cloud.writes.length;
    const drifted = test.cloud.named('user3');
    if (drifted) drifted.tags = { a: 'changed', b: '2', stray: 'x' };
    test.cloud.named('user4')?.groups.clear();
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'user5');
    await test.identity.job('sync');
    await eventually(() => expect(test.cloud.named('user5')).toBeDefined());
    await settled();
    expect(test.cloud.named('user3')?.tags).toEqual({ a: '1', b: '2' });
    expect(test.cloud.groupsOf('user4')).toEqual(['admins']);
    expect(test.cloud.groupsOf('user5')).toEqual(['admins']);
    expect(test.cloud.writes.slice(writes).map(({ api, name }) => `${api} ${name}`).sort())
      .toEqual(['add admins', 'add admins', 'create user5', 'tag user3', 'untag user3']);
  });

  it('an event that changes nothing at the target makes no call at all', async () => {
    const [user = ''] = await thirtyUsers();
    const calls = test.cloud.calls.length;
    const position = await test.identity.patchUser(user, { displayName: 'Somebody' });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: position, outcome: { state: 'Synced', version: 2 } }));
    expect(test.cloud.calls).toHaveLength(calls);
    // Not even begun: it is seen before an attempt is made.
    expect((await test.outcomes(user)).slice(-2).map(({ type }) => type.split('.')[2])).toEqual(['requested', 'succeeded']);
  });

  it('a restart makes no call', async () => {
    await thirtyUsers();
    await test.stop();
    const calls = test.cloud.calls.length;
    await test.start();
    await settled();
    expect(test.cloud.calls).toHaveLength(calls);
  });
});
