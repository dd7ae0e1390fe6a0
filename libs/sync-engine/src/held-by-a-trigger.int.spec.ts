import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';
import { deleteUsers, listOf } from './spec-support/guarding';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, (opened) => {
  test = opened;
});

const OFF = { onCreate: false, onUpdate: false, onDelete: false };
const held = async (resource: string): Promise<unknown> => (await test.pool.query('SELECT held, waiting_for FROM sync_aws.engine_bindings WHERE resource = $1', [resource])).rows[0];
const settled = (): Promise<unknown> => eventually(() => test.isQuiet());
const ASK = { retry: { maxRetries: 100, baseDelayMs: 100, maxDelayMs: 400 } };
const saysThat = (resource: string, trigger: string): Promise<unknown> =>
  eventually(async () => expect((await test.said(resource))?.outcome).toEqual({ state: 'Pending', reason: `the tenant's trigger ${trigger} is off; ask for a sync to carry it out` }));

describe('what a trigger holds stays held, whatever comes about around it', () => {
  it('a connection that is taken away and given back', async () => {
    await test.identity.tenant('acme', { ...TO_AWS, triggers: { onUpdate: false } });
    const [ann, bob] = [await test.identity.user('ann'), await test.identity.user('bob')];
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }));
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await settled();
    test.connections.set([]);
    await eventually(async () => expect(await test.stateOf(bob)).toBe('NotConfigured'));
    await settled();
    test.connections.set([CONNECTION]);
    await eventually(async () => expect(await test.stateOf(bob)).toBe('Synced'));
    await settled();
    expect(test.cloud.named('ann')?.tags).toEqual({});
    expect(await held(ann)).toMatchObject({ held: true });
    await test.identity.job('sync', { resources: [ann] });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' }));
  });

  it('something that it waited for', async () => {
    const acme = await test.identity.tenant('acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 10, maxDelayMs: 40 } });
    let down = true;
    test.cloud.fault = ({ api, name }) => (down && api === 'create' && name === 'staff' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    // The triggers of its own tenant stay on.
    await test.identity.tenant('acme/eng', { triggers: { onCreate: true, onUpdate: true, onDelete: true } });
    const [group, ann] = [await test.identity.group('staff', 'acme/eng'), await test.identity.user('ann')];
    await test.identity.member('add', group, ann);
    await test.start();
    await eventually(async () => expect(await held(ann)).toEqual({ held: false, waiting_for: expect.stringContaining(group) }));
    await test.identity.configure(acme, 'acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 10, maxDelayMs: 40 }, triggers: OFF });
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await eventually(async () => expect(await held(ann)).toEqual({ held: true, waiting_for: expect.stringContaining(group) }));
    down = false;
    await test.identity.job('sync', { resources: [group] });
    await eventually(async () => expect(await test.stateOf(group)).toBe('Synced'));
    await settled();
    expect(test.cloud.named('ann')?.tags ?? {}).toEqual({});
    expect(await held(ann)).toMatchObject({ held: true });
    await test.identity.job('sync', { resources: [ann] });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' }));
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    expect(test.cloud.groupsOf('ann')).toEqual(['staff']);
  });
});

describe('a trigger holds what is due already', () => {
  /** A user who is synced, and whose next edits fail until that is lifted. */
  async function annWhoseEditsFail(config: object): Promise<{ acme: string; ann: string; lift: () => void }> {
    const acme = await test.identity.tenant('acme', { ...TO_AWS, ...ASK, ...config });
    const ann = await test.identity.user('ann');
    let down = true;
    test.cloud.fault = ({ api }) => (down && api === 'tag' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    await test.start();
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Failed'));
    return { acme, ann, lift: () => {
      down = false;
    } };
  }

  it('also a deletion of what is being tried again, until somebody asks; the job that wanted the edit hears that it is held, and is answered by what comes of it', async () => {
    const { ann, lift } = await annWhoseEditsFail({ triggers: { onDelete: false } });
    const job = await test.identity.job('sync', { resources: [ann] });
    const words = async (): Promise<unknown[]> => (await test.outcomes()).filter(({ data }) => (data as { jobs?: string[] }).jobs?.includes(job)).map(({ type }) => type);
    await eventually(async () => expect(await words()).toContain('wami.sync.failed.v1'));
    const deleted = await test.identity.deleteUser(ann);
    await saysThat(ann, 'onDelete');
    lift();
    await settled();
    expect((await words()).at(-1)).toBe('wami.sync.waiting.v1');
    expect(test.cloud.writes.filter(({ api }) => api === 'delete')).toEqual([]);
    await test.identity.job('sync', { resources: [ann] });
    await eventually(async () => expect(await test.said(ann)).toMatchObject({ outcome: { state: 'Gone' }, intent: deleted }));
    expect((await words()).at(-1)).toBe('wami.sync.succeeded.v1');
  });

  it('also what a pass has in hand, from its next attempt on', async () => {
    const held: (() => void)[] = [];
    await test.identity.tenant('acme', { ...TO_AWS, ...ASK, triggers: { onDelete: false } });
    const ann = await test.identity.user('ann');
    await test.start({ options: HOLDING });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    test.cloud.latency = ({ api }) => (api === 'tag' ? new Promise((resolve) => held.push(resolve)) : Promise.resolve());
    test.cloud.fault = ({ api }) => (api === 'tag' ? { refuse: new ProviderError('Unavailable', 'down') } : undefined);
    await test.identity.patchUser(ann, { tags: { a: 'b' } });
    await eventually(() => expect(held).toHaveLength(1));
    await test.identity.deleteUser(ann);
    await eventually(async () => expect(await test.pool.query('SELECT 1 FROM sync_aws.engine_bindings WHERE deleted AND held AND claimed')).toMatchObject({ rowCount: 1 }));
    for (const go of held) go();
    await saysThat(ann, 'onDelete');
    await settled();
    expect(test.cloud.named('ann')).toBeDefined();
  });

  it('also when it is turned off while that is being tried again, and no longer than it is off', async () => {
    const { acme, ann, lift } = await annWhoseEditsFail({});
    await test.identity.configure(acme, 'acme', { ...TO_AWS, ...ASK, triggers: { onUpdate: false } });
    await saysThat(ann, 'onUpdate');
    lift();
    await settled();
    expect(test.cloud.named('ann')?.tags).toEqual({});
    await test.identity.configure(acme, 'acme', { ...TO_AWS, ...ASK, triggers: { onUpdate: true } });
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    expect(test.cloud.named('ann')?.tags).toEqual({ a: 'b' });
  });

  it('also deletions that the guard held, when those are approved, and what a pause held, when that is over', async () => {
    const guard = { maxDeletesPercent: 100, maxDeletesCount: 5 };
    const acme = await test.identity.tenant('acme', { ...TO_AWS, guard });
    const users = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => test.identity.user(name)));
    const pia = await test.identity.user('pia');
    await test.start();
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 8 }));
    // All of them are there when the engine looks, or it would let the first five go.
    await test.stop();
    await deleteUsers(test, users);
    await test.start();
    const list = await listOf(test, 7);
    const pause = await test.identity.pause({ resource: pia });
    await test.identity.patchUser(pia, { tags: { a: 'b' } });
    await eventually(async () => expect((await test.said(pia))?.outcome).toMatchObject({ reason: expect.stringContaining('pause') }));
    await test.identity.configure(acme, 'acme', { ...TO_AWS, guard, triggers: OFF });
    await eventually(async () => expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_bindings WHERE held')).rowCount).toBe(8));
    await test.identity.decide(list.id, 'approved', list.hash);
    await test.identity.resume(pause);
    for (const user of users) await saysThat(user, 'onDelete');
    await saysThat(pia, 'onUpdate');
    await settled();
    expect(test.cloud.users()).toHaveLength(8);
    await test.identity.configure(acme, 'acme', { ...TO_AWS, guard });
    await eventually(async () => expect(await test.states()).toEqual({ Gone: 7, Synced: 1 }));
    expect(test.cloud.named('pia')?.tags).toEqual({ a: 'b' });
  });
});
