import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { EngineUnderTest, HOLDING, TO_AWS } from '../spec-support/engine-under-test';
import type { ApiCall } from '../spec-support/model-cloud';
import { ModelKeys } from '../spec-support/model-keys';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let model: ModelKeys;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  model = new ModelKeys(test.cloud);
  tenant = await test.identity.tenant('acme', TO_AWS);
});

/** What was sent may come about for so long after nobody answered. */
const SIGHT = { sightMs: 300 };
const start = (options = {}) => test.start({ adapter: model.adapter(), options: { ...HOLDING, ...SIGHT, ...options } });
const becomes = (id: string, state: string): Promise<unknown> => eventually(async () => expect(await test.stateOf(id)).toBe(state));
const issued = async (id: string): Promise<unknown[]> => (await test.outcomes(id)).filter(({ type }) => type === 'wami.sync.key-issued.v1').map(({ personal }) => personal);
const writesOf = (id: string): string[] => test.cloud.writes.filter(({ name }) => name === id).map(({ api }) => api);

/** The answer to the first creation of it is lost. */
function loseFirst(isIt: (call: ApiCall) => boolean): void {
  let lost = false;
  test.cloud.fault = (call) => {
    if (lost || call.api !== 'create' || !isIt(call)) return undefined;
    lost = true;
    return { loseAnswer: true };
  };
}

describe('what is made with a secret that is told once', () => {
  it('waits for whom it belongs to, is made once, and its secret leaves the engine sealed and stands nowhere', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    test.cloud.latency = ({ api, name }) => (api === 'create' && name === 'ann' ? held : Promise.resolve());
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    await start();
    await eventually(async () => expect((await test.said(key))?.outcome).toEqual({ state: 'Pending', reason: `waiting for user/${user}` }));
    release();
    await becomes(key, 'Synced');
    expect(model.keys).toMatchObject([{ id: 'AKIA1', status: 'active' }]);
    expect(await issued(key)).toEqual([{ accessKeyId: 'AKIA1', sealedSecret: expect.stringMatching(/^[\w+/]{80,}=*$/) as string }]);
    const { rows } = await test.pool.query<{ all: string }>('SELECT (SELECT coalesce(string_agg(b::text, \'\'), \'\') FROM sync_aws.engine_bindings b) || (SELECT string_agg(e::text, \'\') FROM sync_aws.events e) AS all');
    expect(rows[0]?.all).toContain(key);
    expect(model.secrets.filter((secret) => rows[0]?.all.includes(secret) || rows[0]?.all.includes(Buffer.from(secret).toString('base64')))).toEqual([]);
  });

  it('is deactivated, activated and deleted where it was made, also under another name of its owner', async () => {
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    await start();
    await becomes(key, 'Synced');
    await test.identity.changeKey(key, { status: 'inactive' });
    await eventually(() => expect(model.keys).toMatchObject([{ status: 'inactive' }]));
    await test.identity.changeKey(key, { status: 'active' });
    await eventually(() => expect(model.keys).toMatchObject([{ status: 'active' }]));
    await becomes(key, 'Synced');
    await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(() => expect(test.cloud.named('anna')).toBeDefined());
    await becomes(user, 'Synced');
    const writes = writesOf(key).length;
    await test.identity.job('sync', { filter: { tenant: 'acme' } });
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect([writesOf(key).length, (await test.outcomes(key)).filter(({ type }) => type === 'wami.sync.drifted.v1')]).toEqual([writes, []]);
    await test.identity.changeKey(key, 'delete');
    await becomes(key, 'Gone');
    expect(model.keys).toEqual([]);
    expect(await issued(key)).toHaveLength(1);
  });

  it('is deleted there also where the tenant lets go what it deletes here, and a plan says the same', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, deletionPolicy: 'orphan' });
    const key = await test.identity.accessKey(await test.identity.user('ann'));
    await start();
    await becomes(key, 'Synced');
    let refused = true;
    test.cloud.fault = ({ api, name }) => (refused && api === 'delete' && name === key ? { refuse: new ProviderError('AccessDenied', 'not now') } : undefined);
    await test.identity.changeKey(key, 'delete');
    await becomes(key, 'Failed');
    const plan = await test.identity.plan({ resources: [key] });
    await eventually(async () => expect((await test.outcomes()).filter(({ type, stream }) => type === 'wami.sync.planned.v1' && stream.endsWith(plan)))
      .toMatchObject([{ data: { resource: key, action: 'delete' }, personal: expect.not.objectContaining({ reason: expect.anything() as unknown }) as unknown }]));
    refused = false;
    await test.identity.job('retry', { resources: [key] });
    await becomes(key, 'Gone');
    expect(model.keys).toEqual([]);
  });

  it('is deactivated and deleted where its owner has another name by others\' doing and somebody else has its own', async () => {
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    await start();
    await becomes(key, 'Synced');
    Object.assign(test.cloud.named('ann') ?? {}, { name: 'bea' });
    test.cloud.plant({ kind: 'user', name: 'ann' });
    const theirs = model.plant('ann');
    await test.identity.changeKey(key, { status: 'inactive' });
    await eventually(() => expect(model.keys).toMatchObject([{ id: 'AKIA1', status: 'inactive' }, theirs]));
    await test.identity.changeKey(key, 'delete');
    await becomes(key, 'Gone');
    expect(model.keys).toEqual([theirs]);
  });

  it('after a lost answer what the attempt made is deleted, never what was there before or is on record, and another is made', async () => {
    const user = await test.identity.user('ann');
    await start();
    await becomes(user, 'Synced');
    const others = model.plant('ann');
    loseFirst(({ name }) => name.startsWith('aky_'));
    const key = await test.identity.accessKey(user);
    await becomes(key, 'Synced');
    expect(writesOf(key)).toEqual(['create', 'delete', 'create']);
    expect(model.keys).toMatchObject([others, { id: 'AKIA3', status: 'active' }]);
    expect(await issued(key)).toMatchObject([{ accessKeyId: 'AKIA3' }]);
  });

  it('deleted before anybody heard of it, what the attempt made is deleted too', async () => {
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    loseFirst(({ name }) => name === key);
    await start({ sightMs: 3_000 });
    await eventually(() => expect(model.keys).toHaveLength(1));
    await test.identity.changeKey(key, 'delete');
    await becomes(key, 'Gone');
    expect(writesOf(key)).toEqual(['create', 'delete']);
    expect(model.keys).toEqual([]);
  });

  it('that somebody deleted at the target is not made again', async () => {
    const key = await test.identity.accessKey(await test.identity.user('ann'));
    await start({ visibilityMs: 0 });
    await becomes(key, 'Synced');
    model.keys = [];
    await test.identity.job('sync', { filter: { tenant: 'acme' } });
    await eventually(async () => expect((await test.said(key))?.outcome).toEqual({ state: 'Skipped', reason: 'it was deleted at the target, and another would have another secret' }));
    await test.identity.changeKey(key, { status: 'inactive' });
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect(writesOf(key)).toEqual(['create']);
  });

  it('that was asked for where the target could not hold it is not made once a release can, also when somebody asks for a sync; another is', async () => {
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    await test.start();
    await eventually(async () => expect((await test.said(key))?.outcome).toEqual({ state: 'Skipped', reason: 'the provider cannot hold a access-key' }));
    await test.stop();
    await start();
    const left = { state: 'Skipped', reason: 'it was asked for before this target could hold it, and perhaps nobody waits for its secret any more' };
    await eventually(async () => expect((await test.said(key))?.outcome).toEqual(left));
    await test.identity.job('sync', { filter: { tenant: 'acme' } });
    await test.identity.changeKey(key, { status: 'inactive' });
    const another = await test.identity.accessKey(user);
    await becomes(another, 'Synced');
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect([writesOf(key), model.keys.length, (await test.said(key))?.outcome]).toEqual([[], 1, left]);
    await test.identity.changeKey(key, 'delete');
    await becomes(key, 'Gone');
  });

  it('is made one after the other where two belong to the same, also while an answer is lost; a third is refused before it is made', async () => {
    const user = await test.identity.user('ann');
    const keys = [await test.identity.accessKey(user), await test.identity.accessKey(user)];
    loseFirst(({ name }) => keys.includes(name));
    await start();
    for (const key of keys) await becomes(key, 'Synced');
    const made = test.cloud.writes.filter(({ name }) => keys.includes(name)).map(({ api, name }) => `${api} ${keys.indexOf(name)}`);
    expect(made).toEqual(['create 0', 'delete 0', 'create 0', 'create 1']);
    const third = await test.identity.accessKey(user);
    await eventually(async () => expect((await test.said(third))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'LimitExceeded', retryable: false } }));
    expect(writesOf(third)).toEqual([]);
    expect(model.keys).toHaveLength(2);
  });

  it('whose attempts are used up stands in no other\'s way', async () => {
    const user = await test.identity.user('ann');
    const [lost, other] = [await test.identity.accessKey(user), await test.identity.accessKey(user)];
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === lost ? { loseAnswer: true } : undefined);
    await start({ sightMs: 50 });
    await becomes(other, 'Synced');
    expect((await test.said(lost))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'NetworkError' } });
    expect(model.keys).toHaveLength(2);
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
  });

  it('waits while its owner may have another name by now, and is deleted by that', async () => {
    const user = await test.identity.user('ann');
    const key = await test.identity.accessKey(user);
    await start();
    await becomes(key, 'Synced');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    test.cloud.latency = ({ api }) => (api === 'rename' ? held : Promise.resolve());
    await test.identity.patchUser(user, { userName: 'anna' });
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'rename')).toBe(true));
    await test.identity.changeKey(key, 'delete');
    await eventually(async () => expect((await test.said(key))?.outcome).toEqual({ state: 'Pending', reason: `waiting for the name of user/${user} to be certain` }));
    release();
    await becomes(key, 'Gone');
    expect(model.keys).toEqual([]);
  });

  it('is not made for who cannot be told its secret', async () => {
    const key = await test.identity.accessKey(await test.identity.user('ann'), { sealTo: Buffer.alloc(32).toString('base64') });
    await start();
    await eventually(async () => expect((await test.said(key))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'InvalidRequest' } }));
    expect(model.keys).toEqual([]);
  });

  it('a refusal is no lost answer: it is tried again without a look for what it may have made', async () => {
    const key = await test.identity.accessKey(await test.identity.user('ann'));
    let refused = 0;
    test.cloud.fault = ({ api, name }) => (api === 'create' && name === key && refused++ === 0 ? { refuse: new ProviderError('Throttled', 'slower') } : undefined);
    await start();
    await becomes(key, 'Synced');
    expect(test.cloud.calls.filter(({ name }) => name === key).map(({ api }) => api)).toEqual(['get', 'create', 'get', 'create']);
  });
});
