import { EDITOR_TOKEN, OTHER_TOKEN } from '../testing/identity-world';
import { SEAL_TO, UserOfEachTest } from '../testing/user-of-each-test';

jest.setTimeout(60_000);

const BODY = { deviceName: 'phone', sealTo: SEAL_TO };

describe('MFA devices', () => {
  const given = new UserOfEachTest('mfa-devices', BODY);

  it('of a user: several, each with a name of its own among them, created where the user is synced to, read, deleted', async () => {
    const created = await given.world.call('POST', given.path, BODY);
    const id = String(created.body['id']);
    const view = { id, arn: `arn:wami:iam:acme:wami:test:mfa-device/${id}`, version: 1, tenant: 'acme', owner: given.user, deviceName: 'phone', sealTo: SEAL_TO, syncToProviders: ['aws'] };
    expect([created.status, created.headers.get('location'), created.body]).toEqual([201, `${given.path}/${id}`, view]);
    expect((await given.world.call('GET', `${given.path}/${id}`)).body).toEqual(view);
    const second = await given.world.call('POST', given.path, { ...BODY, deviceName: 'Phone' });
    expect([second.status, second.body]).toEqual([409, expect.objectContaining({ code: 'NameTaken', detail: 'the user has an MFA device of this name already' })]);
    expect(await given.made({ deviceName: 'tablet' })).toMatch(/^mfa_/);
    const another = await given.world.create('users', { tenant: 'acme', userName: `${given.name}-other` });
    expect((await given.world.call('POST', `/v1/users/${another}/mfa-devices`, BODY)).status).toBe(201);
    expect((await given.world.call('DELETE', `${given.path}/${id}`)).status).toBe(204);
    expect([(await given.world.call('GET', `${given.path}/${id}`)).status, (await given.world.call('DELETE', `${given.path}/${id}`)).status]).toEqual([404, 404]);
    expect(await given.typesOf(id)).toEqual(['wami.mfa-device.created.v1', 'wami.mfa-device.deleted.v1']);
    expect(await given.made()).not.toBe(id);
  });

  it('belongs to one user: it is nobody else\'s, and of another tenant nothing is there', async () => {
    const id = await given.made();
    const another = await given.world.create('users', { tenant: 'acme', userName: `${given.name}-other` });
    const account = await given.world.create('service-accounts', { tenant: 'acme', accountName: given.name });
    for (const [method, where, body, more] of [
      ['GET', `/v1/users/${another}/mfa-devices/${id}`, undefined, {}], ['DELETE', `/v1/users/${another}/mfa-devices/${id}`, undefined, {}], ['POST', `/v1/users/${account}/mfa-devices`, BODY, {}],
      ['POST', given.path, BODY, { token: OTHER_TOKEN }], ['DELETE', `${given.path}/${id}`, undefined, { token: OTHER_TOKEN }],
    ] as const) expect((await given.world.call(method, where, body, more)).status).toBe(404);
  });

  it('is made by administrators alone, and taken away by them alone', async () => {
    const id = await given.made();
    const by = { token: EDITOR_TOKEN };
    expect([(await given.world.call('POST', given.path, { ...BODY, deviceName: 'tablet' }, by)).status, (await given.world.call('DELETE', `${given.path}/${id}`, undefined, by)).status]).toEqual([403, 403]);
  });

  it.each([[{ sealTo: SEAL_TO }], [{ ...BODY, sealTo: 'x' }], [{ ...BODY, deviceName: 'my phone' }], [{ ...BODY, deviceName: 'p'.repeat(65) }], [{ ...BODY, seed: 'JBSWY3DPEHPK3PXP' }]])('is refused for %j', async (body) => {
    expect((await given.world.call('POST', given.path, body)).status).toBe(422);
  });

  it('is made and deleted once under one Idempotency-Key each', () => given.expectDoneOnce((id) => [['DELETE', `${given.path}/${id}`]]));

  it('goes with the deletion of the user, in the name of who deleted', () => given.expectToGoWithUser());
});
