import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let group: string;
let user: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
  group = await test.identity.group('admins');
});

/** The calls that are made until all is quiet again. */
async function callsFor(work: () => Promise<unknown>): Promise<string[]> {
  const before = test.cloud.calls.length;
  const position = await work();
  if (typeof position === 'string' && position.includes('.')) {
    await eventually(async () => expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_bindings WHERE intent = $1', [position])).rowCount).toBe(1));
  }
  await eventually(() => test.isQuiet());
  return test.cloud.calls.slice(before).map(({ api }) => api).filter((api) => api !== 'whoami');
}

async function withAnn(options: { ownershipMs?: number } = {}): Promise<void> {
  await test.start({ options });
  await eventually(() => test.isQuiet());
  user = await test.identity.user('ann', { tags: { team: 'a' } });
  await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
}

describe('promise 15: calls are money', () => {
  it('a create makes one call and one per relation', async () => {
    user = await test.identity.user('ann');
    const other = await test.identity.group('others');
    for (const id of [group, other]) await test.identity.member('add', id, user);
    expect((await callsFor(() => test.start())).sort()).toEqual(['add', 'add', 'create', 'create', 'create']);
  });

  it('it looks first only after an unfinished attempt', async () => {
    await test.start();
    await eventually(() => test.isQuiet());
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'ann' ? { loseAnswer: true } : undefined);
    expect(await callsFor(() => test.identity.user('ann'))).toEqual(['create', 'get']);
  });

  it('or when the cloud answers AlreadyExists', async () => {
    await test.start();
    await eventually(() => test.isQuiet());
    test.cloud.plant({ kind: 'user', name: 'ann' });
    expect(await callsFor(() => test.identity.user('ann'))).toEqual(['create', 'get']);
  });

  it('an update of what was seen a moment ago makes just the writes', async () => {
    await withAnn();
    expect(await callsFor(() => test.identity.patchUser(user, { tags: { team: 'b' } }))).toEqual(['tag']);
    expect(await callsFor(() => test.identity.patchUser(user, { userName: 'anna' }))).toEqual(['rename']);
    expect(await callsFor(() => test.identity.member('add', group, user))).toEqual(['add']);
    expect(await callsFor(() => test.identity.member('remove', group, user))).toEqual(['remove']);
  });

  it('an update later reads only the facets that it is about to write', async () => {
    await withAnn({ ownershipMs: 0 });
    expect(await callsFor(() => test.identity.patchUser(user, { tags: { team: 'b' } }))).toEqual(['get', 'tag']);
    expect(await callsFor(() => test.identity.member('add', group, user))).toEqual(['get', 'groups-of', 'add']);
  });

  it('a delete looks whose it is, and makes one call', async () => {
    await withAnn();
    expect(await callsFor(() => test.identity.deleteUser(user))).toEqual(['get', 'delete']);
  });

  /** The calls of a sweep of 250 users and a group. */
  async function sweep(): Promise<string[]> {
    return (await callsFor(async () => {
      const job = await test.identity.job('sync');
      await eventually(async () => expect((await test.outcomes(job)).map(({ type }) => type)).toContain('wami.sync.job-accepted.v1'));
    })).sort();
  }

  it('a sweep reads in bulk, also where there is no room to keep what it reads', async () => {
    await test.start();
    await eventually(() => test.isQuiet());
    await callsFor(() => Promise.all(Array.from({ length: 250 }, (_, i) => test.identity.user(`user${i}`))));
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 251 }));
    // Three pages of users; the one group is read by itself.
    expect(await sweep()).toEqual(['get', 'list', 'list', 'list']);
    await test.stop();
    await test.start({ options: { mostListed: 150 } });
    // The second claim needs a reading of its own, for the first one kept what was asked for then.
    const calls = await sweep();
    expect([calls.filter((api) => api === 'get'), calls.length]).toEqual([['get'], expect.any(Number)]);
    expect(calls.length).toBeGreaterThan(4);
    expect(calls.length).toBeLessThan(14);
    expect(await test.states()).toEqual({ Synced: 251 });
  });
});
