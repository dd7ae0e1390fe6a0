import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { partTake } from './guard/takes';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import { listOf, listsOf, meanwhile, quiet } from './spec-support/guarding';
import { ShiftedClock } from './spec-support/shifted-clock';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  test.cloud.hasInline = true;
  tenant = await test.identity.tenant('acme', TO_AWS);
});

/** In the order in which PostgreSQL keeps keys: the model cloud compares texts. */
const saying = (action: string): Record<string, unknown> => ({ Version: '2012-10-17', Statement: [{ Action: action, Effect: 'Allow', Resource: '*' }] });
const [READ, WRITE, LIST] = [saying('s3:GetObject'), saying('s3:PutObject'), saying('s3:ListBucket')];
const text = (document: unknown): string => JSON.stringify(document);
const inline = (): Readonly<Record<string, string>> | undefined => test.cloud.named('ann')?.inline;
const theirs = (name: string, document: unknown): void => {
  const ann = test.cloud.named('ann');
  if (!ann) throw new Error('ann is not there');
  ann.inline = { ...ann.inline, [name]: text(document) };
};
const apis = (): string[] => test.cloud.calls.map(({ api }) => api);
const changed = async (user: string, inlinePolicies: Record<string, unknown>, more: object = {}): Promise<void> => void await test.identity.patchUser(user, { inlinePolicies, ...more });
const said = (user: string, outcome: object): Promise<void> => eventually(async () => {
  expect(await test.isQuiet()).toBe(true);
  expect((await test.said(user))?.outcome).toMatchObject(outcome);
});

async function ann(inlinePolicies: Record<string, Record<string, unknown>> = { read: READ }): Promise<string> {
  const user = await test.identity.user('ann', { inlinePolicies });
  await test.start();
  await said(user, { state: 'Synced' });
  return user;
}

describe('inline policies', () => {
  it('are written, changed and taken away as the owner says, one call each; those of others are neither read nor touched', async () => {
    const user = await ann();
    expect([inline(), apis()]).toEqual([{ read: text(READ) }, expect.arrayContaining(['create', 'put-inline'])]);
    theirs('theirs', LIST);
    test.cloud.calls.length = 0;
    await changed(user, { read: WRITE });
    await eventually(() => expect(inline()).toEqual({ read: text(WRITE), theirs: text(LIST) }));
    await said(user, { state: 'Synced' });
    expect(apis()).toEqual(['put-inline']);
    await changed(user, { read: null, list: LIST });
    await eventually(() => expect(inline()).toEqual({ list: text(LIST), theirs: text(LIST) }));
    await said(user, { state: 'Synced' });
    expect(test.cloud.calls.map(({ api, name }) => `${api} ${name}`)).toEqual(['put-inline read', 'get ann', 'get-inline list', 'get-inline read', 'drop-inline read', 'put-inline list']);
    await changed(user, { list: null });
    await eventually(() => expect(inline()).toEqual({ theirs: text(LIST) }));
  });

  it('of others stay under a name that ours should have, all else is done, and somebody decides', async () => {
    const user = await ann({});
    theirs('read', LIST);
    await changed(user, { read: READ, write: WRITE }, { tags: { team: 'a' } });
    await said(user, { state: 'Failed', error: { code: 'Conflict', retryable: false, message: 'inline policies of these names stand there already and are not managed by WAMI: read' } });
    expect([inline(), test.cloud.named('ann')?.tags]).toEqual([{ read: text(LIST), write: text(WRITE) }, { team: 'a' }]);
    await test.identity.job('resolve', { resources: [user], strategy: 'skip' });
    await said(user, { state: 'Skipped', reason: 'inline policies of names that are given here stand there already and are not managed by WAMI' });
    // What is not asked for any more was never ours to take away.
    await changed(user, { read: null });
    await said(user, { state: 'Synced' });
    expect(inline()).toEqual({ read: text(LIST), write: text(WRITE) });
    await changed(user, { read: READ });
    await said(user, { state: 'Failed' });
    await test.identity.job('resolve', { resources: [user], strategy: 'overwrite' });
    await eventually(() => expect(inline()).toEqual({ read: text(READ), write: text(WRITE) }));
    await said(user, { state: 'Synced' });
    await changed(user, { read: null });
    await eventually(() => expect(inline()).toEqual({ write: text(WRITE) }));
  });

  it('whose answer was lost are known by what they say: replaced or taken away, and not mistaken for those of others', async () => {
    const user = await ann({});
    let failing = true;
    test.cloud.fault = ({ api }) => (api === 'put-inline' && failing ? { loseAnswer: true } : failing && api === 'get' ? { refuse: new ProviderError('Unavailable', 'not now') } : undefined);
    await changed(user, { read: READ });
    await eventually(() => expect(inline()).toBeUndefined());
    // Looking comes first, and is refused: nothing is sent before somebody else takes the name.
    theirs('read', LIST);
    failing = false;
    await said(user, { state: 'Failed', error: { code: 'Conflict' } });
    expect(inline()).toEqual({ read: text(LIST) });
    test.cloud.named('ann')!.inline = {};
    await test.identity.job('retry', { filter: {} });
    await said(user, { state: 'Synced' });
    test.cloud.fault = ({ api }) => (api === 'put-inline' ? { loseAnswer: true } : undefined);
    await changed(user, { write: WRITE });
    await eventually(() => expect(inline()).toEqual({ read: text(READ), write: text(WRITE) }));
    await changed(user, { write: null });
    await eventually(() => expect(inline()).toEqual({ read: text(READ) }));
    await said(user, { state: 'Synced' });
  });

  it('that a call nobody answered puts there after all is settled are taken away by a later look', async () => {
    const clock = new ShiftedClock();
    const AN_HOUR = 3_600_000;
    const user = await test.identity.user('ann');
    await test.start(clock.parts({ sightMs: AN_HOUR }));
    await said(user, { state: 'Synced' });
    test.cloud.fault = ({ api }) => (api === 'put-inline' ? { refuse: new ProviderError('Timeout', 'no answer', { effect: 'unknown' }) } : undefined);
    await changed(user, { read: READ });
    await eventually(() => expect(apis()).toContain('put-inline'));
    await changed(user, { read: null });
    await said(user, { state: 'Synced' });
    theirs('read', READ);
    clock.shift(AN_HOUR);
    await eventually(() => expect(inline()).toEqual({}));
  });

  it('that a late look does not show yet are taken away all the same', async () => {
    const user = await ann({ read: READ });
    const there = test.cloud.named('ann');
    test.cloud.outdated = (_kind, name) => (there && name === 'ann' ? { ...there, inline: {} } : undefined);
    await changed(user, { read: null, list: LIST });
    await said(user, { state: 'Synced' });
    expect(inline()).toEqual({ list: text(LIST) });
  });

  it('that are put as they were before, and that a late look still shows so, are put all the same', async () => {
    const user = await ann({ read: READ });
    const before = test.cloud.named('ann')?.inline;
    await changed(user, { read: WRITE });
    await eventually(() => expect(inline()).toEqual({ read: text(WRITE) }));
    await said(user, { state: 'Synced' });
    const there = test.cloud.named('ann');
    test.cloud.outdated = (_kind, name) => (there && before && name === 'ann' ? { ...there, inline: before } : undefined);
    await changed(user, { read: READ, list: LIST });
    await said(user, { state: 'Synced' });
    expect(inline()).toEqual({ read: text(READ), list: text(LIST) });
  });

  it('that the provider does not know yet when they are to go are taken away by a later look', async () => {
    const clock = new ShiftedClock();
    const AN_HOUR = 3_600_000;
    const user = await test.identity.user('ann', { inlinePolicies: { read: READ } });
    await test.start(clock.parts({ visibilityMs: AN_HOUR }));
    await said(user, { state: 'Synced' });
    test.cloud.fault = ({ api }) => (api === 'drop-inline' ? { refuse: new ProviderError('NotFound', 'not known yet', { effect: 'none' }) } : undefined);
    await changed(user, { read: null });
    await eventually(() => expect(apis()).toContain('drop-inline'));
    await said(user, { state: 'Synced' });
    expect(inline()).toEqual({ read: text(READ) });
    test.cloud.fault = () => undefined;
    clock.shift(AN_HOUR);
    await eventually(() => expect(inline()).toEqual({}));
    await said(user, { state: 'Synced' });
  });

  it('that were refused hinder nothing else and are tried again', async () => {
    const user = await ann({});
    test.cloud.fault = ({ api, name }) => (api === 'put-inline' && name === 'read' ? { refuse: new ProviderError('LimitExceeded', 'too long', { effect: 'none' }) } : undefined);
    await changed(user, { read: READ, write: WRITE });
    await said(user, { state: 'Failed', error: { code: 'LimitExceeded' } });
    expect(inline()).toEqual({ write: text(WRITE) });
    test.cloud.fault = () => undefined;
    await test.identity.job('retry', { filter: {} });
    await said(user, { state: 'Synced' });
    expect(inline()).toEqual({ read: text(READ), write: text(WRITE) });
  });

  it('that somebody changed or took away are told of as drift and put right', async () => {
    const user = await ann({ read: READ, write: WRITE });
    test.cloud.named('ann')!.inline = { read: text(LIST), theirs: text(LIST) };
    await test.identity.job('sync', { filter: { kind: 'user' } });
    await eventually(() => expect(inline()).toEqual({ read: text(READ), theirs: text(LIST), write: text(WRITE) }));
    const [drifted] = (await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.drifted.v1');
    expect(JSON.stringify(drifted?.data)).not.toMatch(/inlinePolicies\/(?![\w-]{22}")/);
    expect(drifted?.personal).toMatchObject({ differences: [
      { at: 'fields/inlinePolicies/read', expected: text(READ), found: text(LIST) }, { at: 'fields/inlinePolicies/write', expected: text(WRITE) },
    ] });
  });
});

it('the guard counts those that are taken away: over the budget they stay, all else goes on, and a person who takes one away does not wait', async () => {
  const users = await Promise.all(Array.from({ length: 8 }, (_, i) => test.identity.user(`user-${i}`, { inlinePolicies: { read: READ, write: WRITE } })));
  const standing = (): readonly string[] => users.map((_, i) => Object.keys(test.cloud.named(`user-${i}`)?.inline ?? {}).sort().join());
  const clock = new ShiftedClock();
  await test.start(clock.parts());
  await quiet(test);
  await meanwhile(test, clock, () => Promise.all(users.slice(0, 7).map((user) => changed(user, { read: null, write: LIST }))));
  const list = await listOf(test, 7);
  expect(new Set(Object.values(list.takes).map(String))).toEqual(new Set([partTake('inlinePolicies/read')]));
  expect(JSON.stringify(list.parts)).not.toContain('read');
  expect([standing(), test.cloud.named('user-0')?.inline]).toEqual([users.map(() => 'read,write'), { read: text(READ), write: text(LIST) }]);
  expect(await test.said(String(users[0]))).toMatchObject({ outcome: { state: 'Pending', approval: list.id } });

  // They are no relations.
  expect((await test.pool.query(`SELECT resource FROM sync_aws.engine_bindings WHERE presence->'facets' ? 'inlinePolicies'`)).rows).toEqual([]);

  const plan = await test.identity.plan();
  await eventually(async () => {
    const told = (await test.outcomes()).find(({ type, key }) => type === 'wami.sync.plan-answered.v1' && key === plan);
    expect(told?.data).toMatchObject({ guard: [{ tenant: 'acme', kind: 'user', removes: 7, allowed: 5 }] });
  });

  // Looked at and changed meanwhile it is still held, and still on record.
  await test.identity.job('sync', { filter: { kind: 'user' } });
  await changed(String(users[1]), { more: LIST });
  await eventually(() => expect(standing()[1]).toBe('more,read,write'));
  await quiet(test);

  test.identity.meta = { actor: 'admin', correlationId: 'req_1', single: true };
  await changed(String(users[7]), { read: null });
  await eventually(() => expect(standing()[7]).toBe('write'));
  test.identity.meta = { actor: 'admin', correlationId: 'req_1' };
  expect(standing().filter((names) => names.includes('read'))).toHaveLength(7);

  await test.identity.decide(list.id, 'approved', list.hash);
  await eventually(() => expect(standing()).toEqual(['write', 'more,write', ...users.slice(2).map(() => 'write')]));
  await quiet(test);
  expect(await test.states()).toEqual({ Synced: 8 });
});

it('the guard counts none that others took away of a tenant that syncs both ways: nothing is left to take', async () => {
  const users = await Promise.all(Array.from({ length: 7 }, (_, i) => test.identity.user(`user-${i}`, { inlinePolicies: { read: READ, write: WRITE } })));
  const counted = async (): Promise<unknown[]> => (await test.pool.query('SELECT resource, takes FROM sync_aws.engine_removals')).rows;
  await test.start();
  await quiet(test);
  await test.identity.configure(tenant, 'acme', { ...TO_AWS, direction: 'bidirectional' });
  await quiet(test);
  for (const [i] of users.entries()) Object.assign(test.cloud.named(`user-${i}`) ?? {}, { inline: { write: text(WRITE) } });
  await test.identity.job('sync', { filter: { kind: 'user' } });
  await eventually(async () => expect((await test.outcomes()).filter(({ type }) => type === 'wami.sync.pulled.v1').map(({ key }) => key).sort()).toEqual([...users].sort()));
  await quiet(test);
  // As identity takes it over.
  await Promise.all(users.map((user) => changed(user, { read: null })));
  await eventually(async () => expect(await test.states()).toEqual({ Synced: 7 }));
  expect([await listsOf(test), await counted()]).toEqual([[], []]);
  await changed(String(users[0]), { write: null });
  await eventually(() => expect(test.cloud.named('user-0')?.inline).toEqual({}));
  await quiet(test);
  expect(await counted()).toEqual([{ resource: users[0], takes: [partTake('inlinePolicies/write')] }]);
});

it('a plan tells inline policies, names those that others keep from being written, and is carried out as it was told', async () => {
  const user = await ann();
  await test.identity.configure(tenant, 'acme', { ...TO_AWS, triggers: { onCreate: false, onUpdate: false, onDelete: false } });
  theirs('theirs', LIST);
  theirs('write', LIST);
  await changed(user, { read: null, write: WRITE });
  const plan = await test.identity.plan({});
  const planned = await eventually(async () => {
    const [found] = (await test.outcomes(user)).filter(({ type }) => type === 'wami.sync.planned.v1');
    expect(found).toBeDefined();
    return found;
  });
  expect(planned?.personal).toMatchObject({ reason: expect.stringMatching(/not managed by WAMI: write$/), changes: [{ field: 'inlinePolicies/read', from: text(READ) }] });
  await test.identity.job('apply', { plan });
  await said(user, { state: 'Failed', error: { code: 'Conflict' } });
  expect(inline()).toEqual({ theirs: text(LIST), write: text(LIST) });
});

it('a target that cannot hold inline policies gets all else, and says so', async () => {
  test.cloud.hasInline = false;
  const user = await test.identity.user('ann', { inlinePolicies: { read: READ }, tags: { team: 'a' } });
  await test.start();
  await said(user, { state: 'Skipped', reason: 'its inline policies are not there, for the adapter cannot hold them; all else is' });
  expect(test.cloud.named('ann')?.tags).toEqual({ team: 'a' });
  await changed(user, { read: null });
  await said(user, { state: 'Synced' });
});
