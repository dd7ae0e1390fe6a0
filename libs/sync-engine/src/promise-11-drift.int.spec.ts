import type { RecordedEvent, SyncConfigPatch } from '@wami/contracts';
import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const EVERY_HOUR: SyncConfigPatch = { ...TO_AWS, triggers: { schedule: 'PT1H' } };

let test: EngineUnderTest;
let clock: ShiftedClock;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
  clock = new ShiftedClock();
});

const start = (): Promise<unknown> => test.start(clock.parts({ ownershipMs: 10 * HOUR }));
const settled = (): Promise<unknown> => eventually(async () => expect(await test.isQuiet()).toBe(true));
const told = async (type: string): Promise<RecordedEvent[]> => (await test.outcomes()).filter((event) => event.type === `wami.sync.${type}.v1`);
const sweeps = async (): Promise<RecordedEvent[]> => told('swept');
/** When the target is swept next. */
const isPlanned = (): Promise<unknown> => eventually(async () => expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_sweeps WHERE since IS NULL AND due_at < 9e15')).rowCount).toBe(1));

async function users(count: number, config = EVERY_HOUR): Promise<string[]> {
  await test.identity.tenant('acme', config);
  const group = await test.identity.group('admins');
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(await test.identity.user(`user${i}`, { tags: { team: 'a' } }));
  for (const id of ids) await test.identity.member('add', group, id);
  await start();
  await settled();
  await isPlanned();
  return ids;
}

/** Lets an hour pass, and the sweep that is due then. */
async function sweep(): Promise<RecordedEvent | undefined> {
  await isPlanned();
  const before = (await sweeps()).length;
  clock.shift(1.2 * HOUR);
  await eventually(async () => expect((await sweeps()).length).toBeGreaterThan(before));
  await settled();
  return (await sweeps()).at(-1);
}

/** Holds what waits for it until it is opened. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const changeByHand = (name: string, tags: Record<string, string>): void => {
  const thing = test.cloud.named(name);
  if (thing) thing.tags = tags;
};

describe('promise 11: drift', () => {
  it('what was made a moment ago and cannot be seen yet is not taken for deleted by others', async () => {
    await test.identity.tenant('acme', TO_AWS);
    await test.start();
    test.cloud.invisibleReads = 1;
    const user = await test.identity.user('ann');
    await settled();
    const job = await test.identity.job('sync');
    await eventually(async () => expect((await test.outcomes(user)).at(-1)).toMatchObject({ type: 'wami.sync.succeeded.v1', data: { jobs: [job] } }));
    expect(await told('drifted')).toEqual([]);
    expect(test.cloud.things).toHaveLength(1);
  });

  it('a sweep tries once more what failed for good for a reason that passes: a deletion above all, of which nobody else would hear again', async () => {
    const [user = ''] = await users(1, { ...EVERY_HOUR, retry: { maxRetries: 0, baseDelayMs: 100, maxDelayMs: 1_000 } });
    test.cloud.fault = ({ api }) => (api === 'delete' ? { refuse: new ProviderError('Unavailable', 'down', { effect: 'unknown' }) } : undefined);
    await test.identity.deleteUser(user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    await sweep();
    expect([await test.stateOf(user), test.cloud.users()]).toEqual(['Failed', [expect.anything()]]);
    test.cloud.fault = () => undefined;
    await sweep();
    await eventually(async () => expect([await test.stateOf(user), test.cloud.users()]).toEqual(['Gone', []]));
  });

  it('a scheduled sweep lists in bulk (pages, one pass per kind; never one call per pair): of unchanged users it makes a few calls, no write, and says nothing of them', async () => {
    await users(250);
    const [calls, writes, events] = [test.cloud.calls.length, test.cloud.writes.length, (await test.outcomes()).length];
    const swept = await sweep();
    expect(swept?.data).toMatchObject({ compared: 251, found: [{ kind: 'user', seen: 250, unmanaged: 0 }, { kind: 'group', seen: 1, unmanaged: 0 }], problems: [] });
    expect(test.cloud.calls.slice(calls).map(({ api, name }) => `${api} ${name}`).filter((call) => call !== 'whoami ')).toEqual(['list user', 'list user', 'list user', 'list group']);
    expect(test.cloud.writes).toHaveLength(writes);
    expect(await test.outcomes()).toHaveLength(events + 1);
  });

  it('compares, and records field by field what differs; push: put it back', async () => {
    const [, drifted = '', gone = '', outside = ''] = await users(5);
    changeByHand('user1', { team: 'b', stray: 'x' });
    test.cloud.things = test.cloud.things.filter(({ name }) => name !== 'user2');
    test.cloud.named('user3')?.groups.clear();
    await sweep();
    const group = test.cloud.named('admins');
    const found = await told('drifted');
    expect(Object.fromEntries(found.map(({ key, data, personal }) => [key, [(data as { drift: string }).drift, (personal as { differences: unknown }).differences]]))).toEqual({
      [drifted]: ['changed', [{ at: 'tags/stray', found: 'x' }, { at: 'tags/team', expected: 'a', found: 'b' }]],
      [gone]: ['missing', [{ at: 'thing', expected: 'user2' }]],
      [outside]: ['changed', [{ at: `groups/${String(group?.mark?.id)}`, expected: 'admins' }]],
    });
    expect(found.map(({ data }) => (data as { differs: string[] }).differs).flat().join()).not.toContain('user2');
    expect([test.cloud.named('user1')?.tags, test.cloud.groupsOf('user2'), test.cloud.groupsOf('user3')]).toEqual([{ team: 'a' }, ['admins'], ['admins']]);
    expect(await test.stateOf(drifted)).toBe('Synced');
    const writes = test.cloud.writes.length;
    await sweep();
    expect(test.cloud.writes).toHaveLength(writes);
    expect(await told('drifted')).toHaveLength(3);
  });

  it('a relation that somebody else made to what WAMI manages is told and taken away; one to what nobody manages is left', async () => {
    const [user = ''] = await users(1);
    const crew = await test.identity.group('crew');
    test.cloud.plant({ kind: 'group', name: 'strangers' });
    await eventually(() => expect(test.cloud.named('crew')).toBeDefined());
    await settled();
    for (const name of ['crew', 'strangers']) test.cloud.named('user0')?.groups.add(test.cloud.named(name)?.id ?? '');
    await sweep();
    expect((await told('drifted')).map(({ key, personal }) => [key, personal])).toEqual([[user, { differences: [{ at: `groups/${crew}`, found: 'crew' }] }]]);
    expect(test.cloud.groupsOf('user0')).toEqual(['admins', 'strangers']);
  });

  it('what differs is on record before anything is put right, once, also where that takes several attempts', async () => {
    const [user = ''] = await users(1);
    changeByHand('user0', { team: 'b' });
    let tags = 0;
    test.cloud.fault = ({ api }) => (api === 'tag' && ++tags === 1 ? { hang: new Promise(() => undefined) } : undefined);
    clock.shift(1.2 * HOUR);
    await eventually(() => expect(tags).toBeGreaterThan(0));
    expect(await told('drifted')).toHaveLength(1);
    await eventually(() => expect(test.cloud.named('user0')?.tags).toEqual({ team: 'a' }));
    await settled();
    expect((await test.outcomes(user)).slice(-3).map(({ type }) => type.split('.')[2])).toEqual(['drifted', 'failed', 'succeeded']);
    expect(await told('drifted')).toHaveLength(1);
  });

  it('sweeps that were missed while nobody was there are one sweep', async () => {
    await users(2);
    await test.stop();
    clock.shift(50 * HOUR);
    await start();
    await eventually(async () => expect(await sweeps()).toHaveLength(1));
    await settled();
    await isPlanned();
    clock.shift(HOUR / 2);
    changeByHand('user0', { team: 'b' });
    await sweep();
    expect(await sweeps()).toHaveLength(2);
  });

  it('a connection that may only observe: drift is told once, nothing is written, and it ends when it is put right by hand', async () => {
    const [user = ''] = await users(1);
    test.connections.set([{ ...CONNECTION, mode: 'observe' }]);
    changeByHand('user0', { team: 'b' });
    const writes = test.cloud.writes.length;
    await sweep();
    await sweep();
    expect(test.cloud.writes).toHaveLength(writes);
    expect(await told('drifted')).toHaveLength(1);
    expect(await test.said(user)).toMatchObject({ outcome: { state: 'Skipped', reason: 'connection is in observe mode: would update' } });
    expect(await told('skipped')).toHaveLength(1);
    changeByHand('user0', { team: 'a' });
    await sweep();
    expect(await test.stateOf(user)).toBe('Synced');
  });

  it('a sweep that ends while a listing for others is being read leaves it and those who come after to be served', async () => {
    await users(25);
    await test.stop();
    await test.start(clock.parts({ ownershipMs: 10 * HOUR, callTimeoutMs: 20_000 }));
    await settled();
    const gates = [gate(), gate()] as const;
    let lists = 0;
    test.cloud.latency = ({ api, name }) => (api !== 'list' ? Promise.resolve() : name === 'group' ? gates[0].opened : (lists += 1) === 2 ? gates[1].opened : Promise.resolve());
    clock.shift(1.2 * HOUR);
    await eventually(() => expect(lists).toBe(1));
    await test.identity.job('sync');
    await eventually(() => expect(lists).toBe(2));
    gates[0].open();
    await eventually(async () => expect(await sweeps()).toHaveLength(1));
    gates[1].open();
    await settled();
    const job = await test.identity.job('sync');
    await eventually(async () => expect((await told('succeeded')).filter(({ data }) => (data as { jobs?: string[] }).jobs?.includes(job))).toHaveLength(26));
  });

  it('unmanaged resources are reported', async () => {
    await users(1);
    test.cloud.plant({ kind: 'user', name: 'stranger' });
    test.cloud.plant({ kind: 'group', name: 'strangers' });
    expect((await sweep())?.data).toMatchObject({ compared: 2, found: [{ kind: 'user', seen: 2, unmanaged: 1 }, { kind: 'group', seen: 2, unmanaged: 1 }] });
  });

  it('a schedule is inherited, a child may have another or none, and each sweep is about its own', async () => {
    await test.identity.tenant('acme', EVERY_HOUR);
    await test.identity.tenant('acme/heir');
    await test.identity.tenant('acme/never', { triggers: { schedule: null } });
    await test.identity.tenant('acme/own', { triggers: { schedule: 'P1D' } });
    for (const tenant of ['acme', 'acme/heir', 'acme/never', 'acme/own']) await test.identity.user(tenant.replace('/', '-'), { tenant });
    await start();
    await settled();
    for (const name of ['acme', 'acme-heir', 'acme-never', 'acme-own']) changeByHand(name, { stray: 'x' });
    await eventually(async () => expect((await test.pool.query('SELECT tenant, schedule FROM sync_aws.engine_sweeps ORDER BY tenant')).rows).toEqual([{ tenant: 'acme', schedule: 'PT1H' }, { tenant: 'acme/own', schedule: 'P1D' }]));
    clock.shift(1.2 * HOUR);
    await eventually(async () => expect(await sweeps()).toHaveLength(1));
    await settled();
    expect((await sweeps())[0]?.data).toMatchObject({ compared: 2 });
    expect(['acme', 'acme-heir', 'acme-never', 'acme-own'].map((name) => Object.keys(test.cloud.named(name)?.tags ?? {}))).toEqual([[], [], ['stray'], ['stray']]);
  });

  it('a kind that cannot be read is tried again, then told as a problem, and leaves the others', async () => {
    const { ProviderError } = await import('@wami/provider-port');
    await users(1);
    test.cloud.fault = ({ api, name }) => (api === 'list' && name === 'group' ? { refuse: new ProviderError('AccessDenied', 'no') } : undefined);
    changeByHand('user0', { team: 'b' });
    expect((await sweep())?.data).toMatchObject({ compared: 1, found: [{ kind: 'user' }], problems: [{ kind: 'group', code: 'AccessDenied' }] });
    expect(test.cloud.named('user0')?.tags).toEqual({ team: 'a' });
  });
});
