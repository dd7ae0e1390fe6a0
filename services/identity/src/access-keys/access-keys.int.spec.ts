import { patiently as eventually } from '@wami/testing';
import { ACME_TOKEN, EDITOR_TOKEN, OTHER_TOKEN } from '../testing/identity-world';
import { SEAL_TO, UserOfEachTest } from '../testing/user-of-each-test';

jest.setTimeout(60_000);

const BODY = { sealTo: SEAL_TO };

describe('access keys', () => {
  const given = new UserOfEachTest('access-keys', BODY);
  let account: string;
  beforeEach(async () => {
    account = await given.world.create('service-accounts', { tenant: 'acme', accountName: given.name });
  });

  const madeFor = async (owner: string): Promise<string> => {
    const answer = await given.world.call('POST', `/v1/${owner}/access-keys`, BODY);
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  };

  it('of a user: created beside it where it is synced to, read, deactivated, activated, deleted', async () => {
    const created = await given.world.call('POST', given.path, BODY);
    const id = String(created.body['id']);
    const path = `${given.path}/${id}`;
    const view = { id, arn: `arn:wami:iam:acme:wami:test:access-key/${id}`, version: 1, tenant: 'acme', owner: given.user, ownerKind: 'user', status: 'active', sealTo: SEAL_TO, syncToProviders: ['aws'] };
    expect([created.status, created.headers.get('location'), created.body]).toEqual([201, path, view]);
    expect((await given.world.call('GET', path)).body).toEqual(view);
    for (const [status, version] of [['inactive', 2], ['inactive', 2], ['active', 3]] as const) expect((await given.world.call('PATCH', path, { status })).body).toMatchObject({ status, version });
    expect((await given.world.call('DELETE', path)).status).toBe(204);
    expect([(await given.world.call('GET', path)).status, (await given.world.call('DELETE', path)).status]).toEqual([404, 404]);
    expect(await given.typesOf(id)).toEqual(['created', 'deactivated', 'activated', 'deleted'].map((verb) => `wami.access-key.${verb}.v1`));
  });

  it('belongs to one: it is nobody else\'s, and of another tenant nothing is there', async () => {
    const id = await given.made();
    const service = await madeFor(`service-accounts/${account}`);
    const paths = [`/v1/service-accounts/${account}/access-keys/${id}`, `${given.path}/${service}`, `/v1/users/${account}/access-keys/${service}`, `${given.path}/aky_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y`];
    for (const path of paths) {
      expect((await given.world.call('GET', path)).status).toBe(404);
      expect((await given.world.call('PATCH', path, { status: 'inactive' })).status).toBe(404);
      expect((await given.world.call('DELETE', path)).status).toBe(404);
    }
    for (const [method, path, body] of [['POST', given.path, BODY], ['GET', `${given.path}/${id}`, undefined]] as const) {
      expect((await given.world.call(method, path, body, { token: OTHER_TOKEN })).status).toBe(404);
    }
    expect((await given.world.call('POST', `/v1/users/${account}/access-keys`, BODY, { token: ACME_TOKEN })).status).toBe(404);
  });

  it('is made by administrators alone; an editor may take it away', async () => {
    const id = await given.made();
    const by = { token: EDITOR_TOKEN };
    expect((await given.world.call('POST', given.path, BODY, by)).status).toBe(403);
    expect((await given.world.call('PATCH', `${given.path}/${id}`, { status: 'inactive' }, by)).status).toBe(403);
    expect((await given.world.call('DELETE', `${given.path}/${id}`, undefined, by)).status).toBe(204);
  });

  it.each([[{}], [{ sealTo: 'x' }], [{ sealTo: Buffer.alloc(31).toString('base64') }], [{ sealTo: `${'A'.repeat(43)}!` }], [{ ...BODY, status: 'inactive' }]])('is refused for %j', async (body) => {
    expect((await given.world.call('POST', given.path, body)).status).toBe(422);
  });

  it('is made, deactivated and deleted once under one Idempotency-Key each', () => given.expectDoneOnce((id) => [['PATCH', `${given.path}/${id}`, { status: 'inactive' }], ['DELETE', `${given.path}/${id}`]]));

  it('goes with the deletion of its owner, in the name of who deleted', () => given.expectToGoWithUser());

  it('goes with the deletion of a service account, all of them', async () => {
    const ids = [await madeFor(`service-accounts/${account}`), await madeFor(`service-accounts/${account}`)];
    expect((await given.world.call('DELETE', `/v1/service-accounts/${account}`)).status).toBe(204);
    for (const id of ids) await eventually(async () => expect((await given.typesOf(id)).at(-1)).toBe('wami.access-key.deleted.v1'));
  });
});
