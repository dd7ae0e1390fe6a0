import { patiently as eventually } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { HOLDING, type EngineUnderTest } from '../spec-support/engine-under-test';
import { ACCOUNT } from '../spec-support/identity';
import { metricsOf, type Paused } from '../spec-support/pause-figures';
import { paused, pausingForEach } from '../spec-support/pausing';
import { ShiftedClock } from '../spec-support/shifted-clock';

jest.setTimeout(120_000);

let test: EngineUnderTest;
const pausing = pausingForEach((opened) => {
  test = opened;
});

describe('a pause', () => {
  it('lets what is in flight end and nothing begin, with 200 bindings due; after it each is looked at once', async () => {
    await pausing.users(200);
    const creates = pausing.hold('create');
    await test.start({ options: HOLDING });
    await eventually(() => expect(creates.came()).toBe(28));
    const pause = await test.identity.pause();
    await eventually(async () => expect(await pausing.known()).toEqual([pause]));
    creates.release();
    await eventually(() => test.isQuiet());
    expect(test.cloud.writes).toHaveLength(28);
    expect(await test.states()).toEqual({ Synced: 28, Pending: 172 });
    expect(await pausing.laidAside()).toBe(172);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 200 }));
    await eventually(async () => expect(await pausing.known()).toEqual([]));
    await eventually(() => test.isQuiet());
    expect(test.cloud.writes).toHaveLength(200);
    expect(test.cloud.calls.filter(({ api }) => api !== 'whoami')).toHaveLength(200);
  });

  it('holds edits, revocations and deletions; resumed, each makes exactly one pass with the newest version', async () => {
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    const group = await test.identity.group('admins');
    await test.identity.member('add', group, bob);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 3 }));
    await eventually(() => test.isQuiet());
    const pause = await test.identity.pause();
    let last = '';
    for (let i = 1; i <= 5; i++) last = await test.identity.patchUser(ann, { tags: { edit: String(i) } });
    await test.identity.member('remove', group, bob);
    const deleted = await test.identity.deleteGroup(group);
    const before = test.cloud.calls.length;
    await eventually(async () => expect(await test.said(ann)).toMatchObject({ intent: last, outcome: paused(pause) }));
    await eventually(async () => expect(await test.said(group)).toMatchObject({ intent: deleted, operation: 'delete', outcome: paused(pause) }));
    expect([test.cloud.calls.length, test.cloud.groupsOf('bob')]).toEqual([before, ['admins']]);
    await test.identity.resume(pause);
    await eventually(async () => expect([await test.stateOf(ann), await test.stateOf(bob), await test.stateOf(group)]).toEqual(['Synced', 'Synced', 'Gone']));
    expect(test.cloud.calls.slice(before).map(({ api, name }) => `${api} ${name}`).filter((call) => call.endsWith(' ann'))).toEqual(['tag ann']);
    expect([test.cloud.named('ann')?.tags, test.cloud.groupsOf('bob'), test.cloud.named('admins')]).toEqual([{ edit: '5' }, [], undefined]);
  });

  it('selects a tenant with its children, a provider, an account, a resource: what fits all that is given', async () => {
    const names = { acme: await test.identity.user('ann'), eng: await test.identity.user('eve', { tenant: 'acme/eng' }), rival: await test.identity.user('rex', { tenant: 'rival' }) };
    const states = async (): Promise<unknown> => Object.fromEntries(await Promise.all(Object.entries(names).map(async ([name, id]) => [name, await test.stateOf(id)])));
    await test.start();
    await eventually(async () => expect(await states()).toEqual({ acme: 'Synced', eng: 'Synced', rival: 'Synced' }));
    let edits = 0;
    const held = async (selection: Parameters<typeof test.identity.pause>[0]): Promise<unknown> => {
      await eventually(() => test.isQuiet());
      const pause = await test.identity.pause(selection);
      edits += 1;
      const positions = await Promise.all(Object.values(names).map((id) => test.identity.patchUser(id, { tags: { edit: String(edits) } })));
      await eventually(async () => expect(await Promise.all(Object.values(names).map(async (id) => (await test.said(id))?.intent))).toEqual(positions));
      await eventually(() => test.isQuiet());
      const seen = await states();
      await test.identity.resume(pause);
      await eventually(async () => expect(await states()).toEqual({ acme: 'Synced', eng: 'Synced', rival: 'Synced' }));
      return seen;
    };
    expect(await held({ tenant: '' })).toEqual({ acme: 'Pending', eng: 'Pending', rival: 'Pending' });
    expect(await held({ tenant: 'acme', provider: 'aws' })).toEqual({ acme: 'Pending', eng: 'Pending', rival: 'Synced' });
    expect(await held({ tenant: 'acme/eng', account: ACCOUNT })).toEqual({ acme: 'Synced', eng: 'Pending', rival: 'Synced' });
    expect(await held({ tenant: 'acme', resource: names.acme })).toEqual({ acme: 'Pending', eng: 'Synced', rival: 'Synced' });
    expect(await held({ tenant: 'acme', provider: 'gcp' })).toEqual({ acme: 'Synced', eng: 'Synced', rival: 'Synced' });
    expect(await held({ tenant: '', account: '999' })).toEqual({ acme: 'Synced', eng: 'Synced', rival: 'Synced' });
    expect(await held({ tenant: 'acme', resource: 'usr_other' })).toEqual({ acme: 'Synced', eng: 'Synced', rival: 'Synced' });
  });

  it('consumes no attempt: a failure that waits for its retry is as many retries old afterwards', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none', retryAfterMs: 60_000 }) } : undefined);
    const clock = new ShiftedClock();
    const user = await test.identity.user('ann');
    await test.start(clock.parts());
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Failed', retryCount: 0 } }));
    const pause = await test.identity.pause();
    await eventually(async () => expect(await pausing.known()).toEqual([pause]));
    clock.shift(60_000);
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(pause)));
    expect((await test.pool.query('SELECT retry_count, paused_by, due_at FROM sync_aws.engine_bindings')).rows).toEqual([{ retry_count: 1, paused_by: pause, due_at: null }]);
    test.cloud.fault = () => undefined;
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const attempts = (await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.started.v1').map(({ data }) => (data as { attempt: number }).attempt);
    expect(attempts).toEqual([1, 2]);
  });

  it('goes on being held by another pause that lasts longer', async () => {
    const [long, short] = [await test.identity.pause(), await test.identity.pause({ tenant: 'acme', provider: 'aws' })];
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Pending', pausedBy: expect.any(String) as string }));
    const by = (await test.pool.query<{ paused_by: string }>('SELECT paused_by FROM sync_aws.engine_bindings')).rows[0]?.paused_by ?? '';
    const other = by === long ? short : long;
    await test.identity.resume(by);
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(other)));
    expect(test.cloud.calls).toEqual([]);
    await test.identity.resume(other);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  });

  it('is answered to jobs as what it is, and what they asked for is done afterwards', async () => {
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    const pause = await test.identity.pause();
    const job = await test.identity.job('sync');
    const answers = async (): Promise<unknown[]> => (await test.outcomes(user)).filter(({ data }) => (data as { jobs?: string[] }).jobs?.includes(job))
      .map(({ type, data }) => [type.split('.')[2], (data as { pausedBy?: string }).pausedBy]);
    await eventually(async () => expect(await answers()).toEqual([['requested', undefined], ['waiting', pause]]));
    await test.identity.resume(pause);
    await eventually(async () => expect((await answers()).at(-1)).toEqual(['succeeded', undefined]));
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'create', 'get', 'groups-of']);
  });

  it('of one end holds up who waits for it, without calls and without end', async () => {
    const pause = await test.identity.pause({ tenant: 'acme/eng' });
    const group = await test.identity.group('admins', 'acme/eng');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Pending', reason: `waiting for group/${group}, which is paused` }));
    await eventually(() => test.isQuiet());
    const { length } = test.cloud.calls;
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(test.cloud.calls.slice(length).map(({ api }) => api)).toEqual(['create', 'add']);
  });

  it('that begins to hold what somebody waits for already is said by who waits, and to the job that asked for him; resumed, both go on', async () => {
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === 'admins' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none', retryAfterMs: 60_000 }) } : undefined);
    const clock = new ShiftedClock();
    const group = await test.identity.group('admins', 'acme/eng');
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    await test.start(clock.parts());
    const waits = (more: string): Promise<void> => eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Pending', reason: `waiting for group/${group}${more}` }));
    await waits('');
    const job = await test.identity.job('sync', { resources: [user] });
    await eventually(async () => expect((await test.outcomes(user)).map(({ type, data }) => [type, (data as { jobs?: string[] }).jobs])).toContainEqual(['wami.sync.requested.v1', [job]]));
    await waits('');
    const pause = await test.identity.pause({ tenant: 'acme/eng' });
    await eventually(async () => expect(await pausing.known()).toEqual([pause]));
    clock.shift(60_000);
    await waits(', which is paused');
    expect((await test.outcomes(user)).at(-1)).toMatchObject({ type: 'wami.sync.waiting.v1', data: { jobs: [job] } });
    test.cloud.fault = () => undefined;
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
  });

  it('holds a name: who waits for it does not look again and again', async () => {
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob', { tenant: 'acme/eng' })];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    const pause = await test.identity.pause({ tenant: 'acme/eng' });
    await test.identity.patchUser(bob, { userName: 'carl' });
    await eventually(async () => expect((await test.said(bob))?.outcome).toMatchObject(paused(pause)));
    await test.identity.patchUser(ann, { userName: 'bob' });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Pending'));
    await eventually(() => test.isQuiet());
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(test.cloud.users().map(({ name }) => name).sort()).toEqual(['bob', 'carl']);
  });

  it('is counted, with its age', async () => {
    const figures: Paused[] = [];
    await test.start({ metrics: metricsOf(figures) });
    const pause = await test.identity.pause();
    await eventually(() => expect(figures.at(-1)?.pauses).toBe(1));
    await eventually(() => expect(figures.at(-1)?.oldestSeconds).toBeGreaterThan(0));
    await test.identity.resume(pause);
    await eventually(() => expect(figures.at(-1)).toEqual({ pauses: 0, oldestSeconds: 0 }));
  });
});
