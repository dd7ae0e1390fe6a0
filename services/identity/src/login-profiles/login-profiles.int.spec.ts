import { patiently as eventually, worldForAll } from '@wami/testing';
import { EDITOR_TOKEN, IdentityWorld, OTHER_TOKEN } from '../testing/identity-world';

jest.setTimeout(60_000);

const SEAL_TO = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=';
const BODY = { sealTo: SEAL_TO };

describe('login profiles', () => {
  let world: IdentityWorld;
  let number = 0;
  let user: string;
  let path: string;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'other']) await world.create('tenants', { id, name: id });
  });
  beforeEach(async () => {
    user = await world.create('users', { tenant: 'acme', userName: `l-${++number}`, syncToProviders: ['aws'] });
    path = `/v1/users/${user}/login-profile`;
  });

  const made = async (): Promise<string> => {
    const answer = await world.call('POST', path, BODY);
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  };
  const typesOf = async (id: string): Promise<string[]> => (await world.store.readStream(id)).map(({ type }) => type);

  it('of a user: one, created where the user is synced to; deleted, there can be another', async () => {
    const created = await world.call('POST', path, BODY);
    const id = String(created.body['id']);
    expect(id).toMatch(/^lgp_/);
    expect([created.status, created.headers.get('location'), created.body]).toEqual([
      201, path, { id, arn: `arn:wami:iam:acme:wami:test:login-profile/${id}`, version: 1, tenant: 'acme', owner: user, sealTo: SEAL_TO, syncToProviders: ['aws'] },
    ]);
    const second = await world.call('POST', path, BODY);
    expect([second.status, second.body]).toEqual([409, expect.objectContaining({ code: 'NameTaken', detail: 'the user has a login profile already' })]);
    expect((await world.call('DELETE', path, undefined, { headers: { 'if-match': '"2"' } })).status).toBe(412);
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.call('DELETE', path)).status).toBe(404);
    expect(await typesOf(id)).toEqual(['wami.login-profile.created.v1', 'wami.login-profile.deleted.v1']);
    expect(await made()).not.toBe(id);
  });

  it('is of users alone, and of another tenant nothing is there', async () => {
    await made();
    const account = await world.create('service-accounts', { tenant: 'acme', accountName: `l-${number}` });
    for (const [method, where, body, more] of [
      ['POST', `/v1/users/${account}/login-profile`, BODY, {}], ['POST', `/v1/service-accounts/${account}/login-profile`, BODY, {}], ['DELETE', `/v1/users/${account}/login-profile`, undefined, {}],
      ['POST', path, BODY, { token: OTHER_TOKEN }], ['DELETE', path, undefined, { token: OTHER_TOKEN }],
    ] as const) expect((await world.call(method, where, body, more)).status).toBe(404);
  });

  it('is made by administrators alone; an editor may take it away', async () => {
    const by = { token: EDITOR_TOKEN };
    expect((await world.call('POST', path, BODY, by)).status).toBe(403);
    await made();
    expect((await world.call('DELETE', path, undefined, by)).status).toBe(204);
  });

  it.each([[{}], [{ sealTo: 'x' }], [{ ...BODY, password: 'Correct-horse-9' }]])('is refused for %j', async (body) => {
    expect((await world.call('POST', path, body)).status).toBe(422);
  });

  it('is made and deleted once under one Idempotency-Key each', async () => {
    const once = (what: string) => ({ headers: { 'idempotency-key': `${what}-${number}` } });
    const [first, again] = [await world.call('POST', path, BODY, once('make')), await world.call('POST', path, BODY, once('make'))];
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true']);
    for (const replayed of [null, 'true']) {
      const answer = await world.call('DELETE', path, undefined, once('take'));
      expect([answer.status, answer.headers.get('idempotent-replayed')]).toEqual([204, replayed]);
    }
  });

  it('goes with the deletion of the user, in the name of who deleted', async () => {
    const id = await made();
    expect((await world.call('DELETE', `/v1/users/${user}`)).status).toBe(204);
    await eventually(async () => expect((await typesOf(id)).at(-1)).toBe('wami.login-profile.deleted.v1'));
    const deletion = (await world.store.readStream(user)).at(-1);
    expect((await world.store.readStream(id)).at(-1)?.meta).toMatchObject({ actor: 'identity', causationId: deletion?.id });
  });
});
