import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, EDITOR_TOKEN, IdentityWorld, OTHER_TOKEN } from '../testing/identity-world';

jest.setTimeout(60_000);

const SEAL_TO = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=';
const BODY = { sealTo: SEAL_TO };

describe('access keys', () => {
  let world: IdentityWorld;
  let number = 0;
  let user: string;
  let account: string;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'other']) await world.create('tenants', { id, name: id });
  });
  beforeEach(async () => {
    const name = `k-${++number}`;
    user = await world.create('users', { tenant: 'acme', userName: name, syncToProviders: ['aws'] });
    account = await world.create('service-accounts', { tenant: 'acme', accountName: name });
  });

  const made = async (path = `/v1/users/${user}/access-keys`): Promise<string> => {
    const answer = await world.call('POST', path, BODY);
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  };
  const typesOf = async (id: string): Promise<string[]> => (await world.store.readStream(id)).map(({ type }) => type);

  it('of a user: created beside it where it is synced to, read, deactivated, activated, deleted', async () => {
    const created = await world.call('POST', `/v1/users/${user}/access-keys`, BODY);
    const id = String(created.body['id']);
    const path = `/v1/users/${user}/access-keys/${id}`;
    const view = { id, arn: `arn:wami:iam:acme:wami:test:access-key/${id}`, version: 1, tenant: 'acme', owner: user, ownerKind: 'user', status: 'active', sealTo: SEAL_TO, syncToProviders: ['aws'] };
    expect([created.status, created.headers.get('location'), created.body]).toEqual([201, path, view]);
    expect((await world.call('GET', path)).body).toEqual(view);
    for (const [status, version] of [['inactive', 2], ['inactive', 2], ['active', 3]] as const) expect((await world.call('PATCH', path, { status })).body).toMatchObject({ status, version });
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect([(await world.call('GET', path)).status, (await world.call('DELETE', path)).status]).toEqual([404, 404]);
    expect(await typesOf(id)).toEqual(['created', 'deactivated', 'activated', 'deleted'].map((verb) => `wami.access-key.${verb}.v1`));
  });

  it('belongs to one: it is nobody else\'s, and of another tenant nothing is there', async () => {
    const id = await made();
    const service = await made(`/v1/service-accounts/${account}/access-keys`);
    const paths = [`/v1/service-accounts/${account}/access-keys/${id}`, `/v1/users/${user}/access-keys/${service}`, `/v1/users/${account}/access-keys/${service}`, `/v1/users/${user}/access-keys/aky_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y`];
    for (const path of paths) {
      expect((await world.call('GET', path)).status).toBe(404);
      expect((await world.call('PATCH', path, { status: 'inactive' })).status).toBe(404);
      expect((await world.call('DELETE', path)).status).toBe(404);
    }
    for (const [method, path, body] of [['POST', `/v1/users/${user}/access-keys`, BODY], ['GET', `/v1/users/${user}/access-keys/${id}`, undefined]] as const) {
      expect((await world.call(method, path, body, { token: OTHER_TOKEN })).status).toBe(404);
    }
    expect((await world.call('POST', `/v1/users/${account}/access-keys`, BODY, { token: ACME_TOKEN })).status).toBe(404);
  });

  it('is made by administrators alone; an editor may take it away', async () => {
    const id = await made();
    const by = { token: EDITOR_TOKEN };
    expect((await world.call('POST', `/v1/users/${user}/access-keys`, BODY, by)).status).toBe(403);
    expect((await world.call('PATCH', `/v1/users/${user}/access-keys/${id}`, { status: 'inactive' }, by)).status).toBe(403);
    expect((await world.call('DELETE', `/v1/users/${user}/access-keys/${id}`, undefined, by)).status).toBe(204);
  });

  it.each([[{}], [{ sealTo: 'x' }], [{ sealTo: Buffer.alloc(31).toString('base64') }], [{ sealTo: `${'A'.repeat(43)}!` }], [{ ...BODY, status: 'inactive' }]])('is refused for %j', async (body) => {
    expect((await world.call('POST', `/v1/users/${user}/access-keys`, body)).status).toBe(422);
  });

  it('is made once under one Idempotency-Key', async () => {
    const once = { headers: { 'idempotency-key': `once-${number}` } };
    const [first, again] = [await world.call('POST', `/v1/users/${user}/access-keys`, BODY, once), await world.call('POST', `/v1/users/${user}/access-keys`, BODY, once)];
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true']);
  });

  it.each(['users', 'service-accounts'] as const)('goes with the deletion of one of the %s, in the name of who deleted', async (collection) => {
    const owner = collection === 'users' ? user : account;
    const ids = [await made(`/v1/${collection}/${owner}/access-keys`), await made(`/v1/${collection}/${owner}/access-keys`)];
    expect((await world.call('DELETE', `/v1/${collection}/${owner}`)).status).toBe(204);
    for (const id of ids) await eventually(async () => expect((await typesOf(id)).at(-1)).toBe('wami.access-key.deleted.v1'));
    const deletion = (await world.store.readStream(owner)).at(-1);
    expect((await world.store.readStream(ids[0] ?? '')).at(-1)?.meta).toMatchObject({ actor: 'identity', causationId: deletion?.id });
  });
});
