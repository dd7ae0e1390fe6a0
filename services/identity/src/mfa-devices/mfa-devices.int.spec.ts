import { patiently as eventually, worldForAll } from '@wami/testing';
import { EDITOR_TOKEN, IdentityWorld, OTHER_TOKEN } from '../testing/identity-world';

jest.setTimeout(60_000);

const SEAL_TO = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=';
const BODY = { deviceName: 'phone', sealTo: SEAL_TO };

describe('MFA devices', () => {
  let world: IdentityWorld;
  let number = 0;
  let user: string;
  let path: string;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'other']) await world.create('tenants', { id, name: id });
  });
  beforeEach(async () => {
    user = await world.create('users', { tenant: 'acme', userName: `m-${++number}`, syncToProviders: ['aws'] });
    path = `/v1/users/${user}/mfa-devices`;
  });

  const made = async (deviceName = 'phone'): Promise<string> => {
    const answer = await world.call('POST', path, { ...BODY, deviceName });
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  };
  const typesOf = async (id: string): Promise<string[]> => (await world.store.readStream(id)).map(({ type }) => type);

  it('of a user: several, each with a name of its own among them, created where the user is synced to, read, deleted', async () => {
    const created = await world.call('POST', path, BODY);
    const id = String(created.body['id']);
    const view = { id, arn: `arn:wami:iam:acme:wami:test:mfa-device/${id}`, version: 1, tenant: 'acme', owner: user, deviceName: 'phone', sealTo: SEAL_TO, syncToProviders: ['aws'] };
    expect([created.status, created.headers.get('location'), created.body]).toEqual([201, `${path}/${id}`, view]);
    expect((await world.call('GET', `${path}/${id}`)).body).toEqual(view);
    const second = await world.call('POST', path, { ...BODY, deviceName: 'Phone' });
    expect([second.status, second.body]).toEqual([409, expect.objectContaining({ code: 'NameTaken', detail: 'the user has an MFA device of this name already' })]);
    expect(await made('tablet')).toMatch(/^mfa_/);
    const another = await world.create('users', { tenant: 'acme', userName: `m-${number}-other` });
    expect((await world.call('POST', `/v1/users/${another}/mfa-devices`, BODY)).status).toBe(201);
    expect((await world.call('DELETE', `${path}/${id}`)).status).toBe(204);
    expect([(await world.call('GET', `${path}/${id}`)).status, (await world.call('DELETE', `${path}/${id}`)).status]).toEqual([404, 404]);
    expect(await typesOf(id)).toEqual(['wami.mfa-device.created.v1', 'wami.mfa-device.deleted.v1']);
    expect(await made()).not.toBe(id);
  });

  it('belongs to one user: it is nobody else\'s, and of another tenant nothing is there', async () => {
    const id = await made();
    const another = await world.create('users', { tenant: 'acme', userName: `m-${number}-other` });
    const account = await world.create('service-accounts', { tenant: 'acme', accountName: `m-${number}` });
    for (const [method, where, body, more] of [
      ['GET', `/v1/users/${another}/mfa-devices/${id}`, undefined, {}], ['DELETE', `/v1/users/${another}/mfa-devices/${id}`, undefined, {}], ['POST', `/v1/users/${account}/mfa-devices`, BODY, {}],
      ['POST', path, BODY, { token: OTHER_TOKEN }], ['DELETE', `${path}/${id}`, undefined, { token: OTHER_TOKEN }],
    ] as const) expect((await world.call(method, where, body, more)).status).toBe(404);
  });

  it('is made by administrators alone, and taken away by them alone', async () => {
    const id = await made();
    const by = { token: EDITOR_TOKEN };
    expect([(await world.call('POST', path, { ...BODY, deviceName: 'tablet' }, by)).status, (await world.call('DELETE', `${path}/${id}`, undefined, by)).status]).toEqual([403, 403]);
  });

  it.each([[{ sealTo: SEAL_TO }], [{ ...BODY, sealTo: 'x' }], [{ ...BODY, deviceName: 'my phone' }], [{ ...BODY, deviceName: 'p'.repeat(65) }], [{ ...BODY, seed: 'JBSWY3DPEHPK3PXP' }]])('is refused for %j', async (body) => {
    expect((await world.call('POST', path, body)).status).toBe(422);
  });

  it('goes with the deletion of the user, in the name of who deleted', async () => {
    const id = await made();
    expect((await world.call('DELETE', `/v1/users/${user}`)).status).toBe(204);
    await eventually(async () => expect((await typesOf(id)).at(-1)).toBe('wami.mfa-device.deleted.v1'));
    const deletion = (await world.store.readStream(user)).at(-1);
    expect((await world.store.readStream(id)).at(-1)?.meta).toMatchObject({ actor: 'identity', causationId: deletion?.id });
  });
});
