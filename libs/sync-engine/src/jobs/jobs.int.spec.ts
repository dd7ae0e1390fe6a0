import { patiently as eventually } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { HOLDING, type EngineUnderTest } from '../spec-support/engine-under-test';
import { familyForEach } from '../spec-support/family';
import { quiet } from '../spec-support/guarding';
import { ACCOUNT } from '../spec-support/identity';
import { standingUsers } from '../spec-support/thousands';

jest.setTimeout(120_000);

let test: EngineUnderTest;
familyForEach((opened) => (test = opened));

/** What engines answered to a job: how many bindings they took on, and the settling outcomes that name it. */
async function answers(job: string): Promise<{ accepted: unknown[]; settled: string[] }> {
  const events = await test.outcomes();
  return {
    accepted: events.filter(({ type, key }) => type === 'wami.sync.job-accepted.v1' && key === job).map(({ data }) => data),
    settled: events.filter(({ type, data }) => !['wami.sync.requested.v1', 'wami.sync.started.v1', 'wami.sync.waiting.v1'].includes(type)
      && ((data as { jobs?: string[] }).jobs ?? []).includes(job)).map(({ key, type }) => `${type.split('.')[2]} ${key}`).sort(),
  };
}

const accepted = (job: string, bindings: number) => [{ job, provider: 'aws', account: ACCOUNT, bindings }];

describe('jobs', () => {
  it('a sync job is taken on once per target and answered by every binding within its scope and filter', async () => {
    const users = [await test.identity.user('ann'), await test.identity.user('bob', { tenant: 'acme/eng' })];
    const rival = await test.identity.user('eve', { tenant: 'rival' });
    const group = await test.identity.group('admins');
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 4 }));
    const all = await test.identity.job('sync', { scope: 'acme' });
    await eventually(async () => expect(await answers(all)).toEqual({
      accepted: accepted(all, 3), settled: [`succeeded ${group}`, ...users.map((user) => `succeeded ${user}`)].sort(),
    }));
    const below = await test.identity.job('sync', { scope: 'acme', filter: { tenant: 'acme/eng', kind: 'user' } });
    await eventually(async () => expect(await answers(below)).toEqual({ accepted: accepted(below, 1), settled: [`succeeded ${users[1]}`] }));
    const beyond = await test.identity.job('sync', { scope: 'acme', resources: [rival] });
    await eventually(async () => expect(await answers(beyond)).toEqual({ accepted: accepted(beyond, 0), settled: [] }));
    const byArn = await test.identity.job('sync', { resources: [`arn:wami:iam:rival:wami:local:user/${rival}`] });
    await eventually(async () => expect(await answers(byArn)).toEqual({ accepted: accepted(byArn, 1), settled: [`succeeded ${rival}`] }));
  });

  it('a job over thousands is taken on in parts of bounded size, told once, and answered by every binding', async () => {
    await test.identity.group('staff');
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
    await test.stop();
    const users = await standingUsers(test, { count: 1_200 });
    const job = await test.identity.job('sync', { filter: { kind: 'user' } });
    await test.start();
    await eventually(async () => expect((await answers(job)).accepted).toEqual(accepted(job, users.length)));
    await quiet(test);
    expect((await answers(job)).settled).toHaveLength(users.length);
    const asked = (await test.outcomes()).filter(({ type, data }) => type === 'wami.sync.requested.v1' && ((data as { jobs?: string[] }).jobs ?? []).includes(job));
    const parts = new Map<string, number>();
    for (const { position } of asked) parts.set(String(position).split('.')[0] ?? '', (parts.get(String(position).split('.')[0] ?? '') ?? 0) + 1);
    expect([...parts.values()]).toEqual([1_000, 200]);
  });

  it('retry takes on only what failed', async () => {
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'ann' ? { refuse: new ProviderError('AccessDenied', 'no') } : undefined);
    const user = await test.identity.user('ann');
    await test.identity.user('bob');
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Failed: 1, Synced: 1 }));
    const wrongCode = await test.identity.job('retry', { filter: { code: 'Throttled' } });
    const again = await test.identity.job('retry', { filter: { code: 'AccessDenied' } });
    await eventually(async () => expect(await answers(again)).toEqual({ accepted: accepted(again, 1), settled: [`failed ${user}`] }));
    expect(await answers(wrongCode)).toEqual({ accepted: accepted(wrongCode, 0), settled: [] });
    test.cloud.fault = () => undefined;
    const last = await test.identity.job('retry');
    await eventually(async () => expect(await answers(last)).toEqual({ accepted: accepted(last, 1), settled: [`succeeded ${user}`] }));
  });

  it('a job that arrives while a binding is in flight is answered by the next pass; waiting answers none', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api, name }) => (api === 'create' && name === 'admins' ? held : Promise.resolve());
    const group = await test.identity.group('admins');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start({ options: HOLDING });
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending', reason: expect.any(String) }));
    const job = await test.identity.job('sync');
    await eventually(async () => expect((await answers(job)).accepted).toEqual(accepted(job, 2)));
    expect((await answers(job)).settled).toEqual([]);
    release();
    await eventually(async () => expect((await answers(job)).settled).toEqual([`succeeded ${group}`, `succeeded ${user}`].sort()));
    await eventually(() => test.isQuiet());
    expect((await answers(job)).settled).toHaveLength(2);
  });

  it('what waits for something that nothing more is done about by itself is held, as who asked is told; what comes of it later counts', async () => {
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'admins' ? { refuse: new ProviderError('AccessDenied', 'no') } : undefined);
    const [group, other] = [await test.identity.group('admins'), await test.identity.group('staff')];
    const user = await test.identity.user('ann');
    for (const one of [group, other]) await test.identity.member('add', one, user);
    const held = async (job: string): Promise<unknown[]> => (await test.outcomes(user)).filter(({ type, data }) => type === 'wami.sync.waiting.v1' && (data as { jobs?: string[] }).jobs?.includes(job))
      .map(({ data }) => (data as { reason: string }).reason);
    await test.start();
    // Whichever of the two has its pass first.
    const before = await test.identity.job('sync');
    await eventually(async () => expect(await answers(before)).toEqual({ accepted: accepted(before, 3), settled: [`failed ${group}`, `succeeded ${other}`].sort() }));
    await eventually(async () => expect(await held(before)).toEqual([`waiting for group/${group}`]));
    // It failed long before.
    const after = await test.identity.job('sync', { resources: [user] });
    await eventually(async () => expect(await held(after)).toEqual([`waiting for group/${group}`]));
    await eventually(() => test.isQuiet());
    test.cloud.fault = () => undefined;
    await test.identity.job('retry');
    await eventually(async () => expect([(await answers(before)).settled, (await answers(after)).settled]).toEqual([[`failed ${group}`, `succeeded ${other}`, `succeeded ${user}`].sort(), [`succeeded ${user}`]]));
    expect(test.cloud.groupsOf('ann')).toEqual(['admins', 'staff']);
  });

  it('what waits for a name is held while a pause holds whoever has it, and fails for good where that one does, as who asked is told; both go on once the name is given up', async () => {
    const [theirs, holder] = [await test.identity.group('admins', 'rival'), await test.identity.group('staff')];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    const pause = await test.identity.pause({ resource: holder });
    await test.identity.patchGroup(holder, { groupName: 'admins' });
    await eventually(async () => expect((await test.said(holder))?.outcome).toMatchObject({ state: 'Pending', reason: expect.stringContaining(pause) as string }));
    const [group, user] = [await test.identity.group('staff'), await test.identity.user('ann')];
    await test.identity.member('add', group, user);
    const job = await test.identity.job('sync', { resources: [group, user] });
    const heard = async (of: string): Promise<unknown[]> => (await test.outcomes(of)).flatMap(({ type, data }) => (type === 'wami.sync.waiting.v1' && (data as { jobs?: string[] }).jobs?.includes(job) ? [(data as { reason: string }).reason] : []));
    await eventually(async () => expect(await heard(group)).toContain(`waiting for group/${holder}, which is paused, to give the name up`));
    expect(await answers(job)).toEqual({ accepted: accepted(job, 2), settled: [] });
    await test.identity.resume(pause);
    await eventually(async () => expect((await answers(job)).settled).toEqual([`failed ${group}`]));
    expect((await test.said(group))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict' } });
    await eventually(async () => expect(await heard(user)).toContain(`waiting for group/${group}`));
    await test.identity.patchGroup(theirs, { groupName: 'owners' });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 4 }));
    expect(test.cloud.groupsOf('ann')).toEqual(['staff']);
    expect(test.cloud.things.map(({ name }) => name).sort()).toEqual(['admins', 'ann', 'owners', 'staff']);
  });

  it('targets of other providers are not this engine’s to answer', async () => {
    await test.start();
    const job = await test.identity.job('sync', { targets: [{ provider: 'gcp', account: 'x' }, { provider: 'aws', account: '999' }] });
    await eventually(async () => expect(await answers(job)).toEqual({ accepted: [{ job, provider: 'aws', account: '999', bindings: 0 }], settled: [] }));
  });
});
