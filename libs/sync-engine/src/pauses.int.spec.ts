import { once } from 'node:events';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { foldPauses } from './pauses/fold-pauses';
import { releaseNext } from './pauses/release';
import type { Orders } from './spec-support/mortal-engine';
import { engineProcess, serveCloud } from './spec-support/remote-cloud';
import { metricsOf, type Paused } from './spec-support/pause-figures';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { ACCOUNT } from './spec-support/identity';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
  await test.identity.tenant('acme/eng');
  await test.identity.tenant('rival', TO_AWS);
});

const SLOW = { callTimeoutMs: 5_000, leaseMs: 15_000 };
const paused = (id: string, until?: string) => ({ state: 'Pending', pausedBy: id, reason: `paused by ${id} ${until === undefined ? 'until somebody resumes' : `until ${until}`}` });
const users = (n: number, tenant = 'acme'): Promise<string[]> => Promise.all(Array.from({ length: n }, (_, i) => test.identity.user(`${tenant.replace('/', '-')}-${i}`, { tenant })));
const laidAside = async (): Promise<number> => Number((await test.pool.query('SELECT count(*) FROM sync_aws.engine_bindings WHERE paused_by IS NOT NULL AND NOT claimed')).rows[0]?.count);
const knownPauses = async (): Promise<string[]> => (await test.pool.query<{ id: string }>('SELECT id FROM sync_aws.engine_pauses ORDER BY id')).rows.map(({ id }) => id);
/** Holds every call of this kind until it is released; tells how many came. */
function hold(api: string): { readonly came: () => number; readonly release: () => void } {
  let release = (): void => undefined;
  let came = 0;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  test.cloud.latency = (call) => {
    if (call.api !== api) return Promise.resolve();
    came += 1;
    return released;
  };
  return { came: () => came, release };
}

describe('a pause', () => {
  it('lets what is in flight end and nothing begin, with 200 bindings due; after it each is looked at once', async () => {
    await users(200);
    const creates = hold('create');
    await test.start({ options: SLOW });
    await eventually(() => expect(creates.came()).toBe(32));
    const pause = await test.identity.pause();
    await eventually(async () => expect(await knownPauses()).toEqual([pause]));
    creates.release();
    await eventually(() => test.isQuiet());
    expect(test.cloud.writes).toHaveLength(32);
    expect(await test.states()).toEqual({ Synced: 32, Pending: 168 });
    expect(await laidAside()).toBe(168);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 200 }));
    await eventually(async () => expect(await knownPauses()).toEqual([]));
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

  it('goes on releasing what it held where a restart cut that off, in bounded steps', async () => {
    const pause = await test.identity.pause();
    await users(450);
    await test.start();
    await eventually(async () => expect(await laidAside()).toBe(450));
    await test.stop();
    await test.identity.resume(pause);
    const db = test.engineDatabase();
    const ended = (await test.identity.store.readStream(pause)).slice(1);
    await db.transaction((client) => foldPauses(client, db, ended));
    const steps: number[] = [];
    for (let left = 450; left > 0;) {
      expect(await releaseNext(db, () => Date.now())).toBeDefined();
      const now = await laidAside();
      steps.push(left - now);
      left = now;
    }
    expect(steps).toEqual([200, 200, 50]);
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 450 }));
    expect(test.cloud.calls.filter(({ api }) => api !== 'whoami')).toHaveLength(450);
  });

  it('kept by a process that was killed with calls in flight: afterwards nothing is called, and in the end each is there once', async () => {
    const victim = engineProcess();
    await users(20);
    serveCloud(victim, test.cloud);
    victim.send({ url: test.pool.options.connectionString ?? '', point: 'before-record', occurrence: 1 } satisfies Orders);
    await once(victim, 'exit');
    const { length } = test.cloud.calls;
    const pause = await test.identity.pause();
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Pending: 20 }));
    await eventually(async () => expect(await laidAside()).toBe(20));
    expect(test.cloud.calls).toHaveLength(length);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 20 }));
    expect(new Set(test.cloud.users().map(({ name }) => name)).size).toBe(20);
    expect(test.cloud.users()).toHaveLength(20);
  });

  it('lets no listing begin for what it holds, however much is to be compared', async () => {
    await users(50);
    await test.start({ options: SLOW });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    await eventually(() => test.isQuiet());
    const pause = await test.identity.pause();
    const { length } = test.cloud.calls;
    await test.identity.job('sync');
    await eventually(async () => expect(await laidAside()).toBe(50));
    expect(test.cloud.calls).toHaveLength(length);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    expect(new Set(test.cloud.calls.slice(length).map(({ api }) => api))).toEqual(new Set(['list']));
  });

  it('that comes while a listing is being read holds back the next one', async () => {
    await users(50);
    await test.start({ options: SLOW });
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
    await eventually(() => test.isQuiet());
    const lists = hold('list');
    await test.identity.job('sync');
    await eventually(() => expect(lists.came()).toBe(1));
    await test.identity.job('sync');
    const pause = await test.identity.pause();
    await eventually(async () => expect(await knownPauses()).toEqual([pause]));
    lists.release();
    await eventually(async () => expect(await laidAside()).toBe(50));
    expect(lists.came()).toBe(1);
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 50 }));
  });

  it('holds over a restart, and one that came while no engine ran is heeded before anything is called', async () => {
    const pause = await test.identity.pause();
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(pause)));
    await test.stop();
    const edited = await test.identity.patchUser(user, { tags: { a: 'b' } });
    await test.start();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: edited, outcome: paused(pause) }));
    await test.stop();
    await test.identity.resume(pause);
    await test.start();
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.calls.map(({ api }) => api)).toEqual(['whoami', 'create']);
  });

  it('ends by itself at its time, without an event, also after a restart', async () => {
    const clock = new ShiftedClock();
    const until = new Date(clock.now() + 3_600_000).toISOString();
    const pause = await test.identity.pause({ until });
    const user = await test.identity.user('ann');
    await test.start({ seams: clock.seams });
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual(paused(pause, until)));
    await test.stop();
    clock.shift(3_590_000);
    await test.start({ seams: clock.seams });
    const edited = await test.identity.patchUser(user, { tags: { a: 'b' } });
    await eventually(async () => expect(await test.said(user)).toMatchObject({ intent: edited, outcome: paused(pause, until) }));
    expect(test.cloud.calls).toEqual([]);
    // Ahead of its lease too: the target is given up and taken again, and what was begun then is looked at first.
    clock.shift(15_000);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
    await eventually(async () => expect(await knownPauses()).toEqual([]));
  });

  it('consumes no attempt: a failure that waits for its retry is as many retries old afterwards', async () => {
    test.cloud.fault = ({ api }) => (api === 'create' ? { refuse: new ProviderError('Throttled', 'slow down', { effect: 'none', retryAfterMs: 1_500 }) } : undefined);
    const user = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Failed', retryCount: 0 } }));
    const pause = await test.identity.pause();
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
    await eventually(async () => expect((await test.said(user))?.outcome).toEqual({ state: 'Pending', reason: `waiting for group/${group}` }));
    await eventually(() => test.isQuiet());
    const { length } = test.cloud.calls;
    await test.identity.resume(pause);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    expect(test.cloud.calls.slice(length).map(({ api }) => api)).toEqual(['create', 'add']);
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
