import { EDITOR_TOKEN, OTHER_TOKEN } from '../testing/identity-world';
import { SEAL_TO, UserOfEachTest } from '../testing/user-of-each-test';

jest.setTimeout(60_000);

const BODY = { sealTo: SEAL_TO };

describe('login profiles', () => {
  const given = new UserOfEachTest('login-profile', BODY);

  it('of a user: one, created where the user is synced to; deleted, there can be another', async () => {
    const created = await given.world.call('POST', given.path, BODY);
    const id = String(created.body['id']);
    expect(id).toMatch(/^lgp_/);
    expect([created.status, created.headers.get('location'), created.body]).toEqual([
      201, given.path, { id, arn: `arn:wami:iam:acme:wami:test:login-profile/${id}`, version: 1, tenant: 'acme', owner: given.user, sealTo: SEAL_TO, syncToProviders: ['aws'] },
    ]);
    const second = await given.world.call('POST', given.path, BODY);
    expect([second.status, second.body]).toEqual([409, expect.objectContaining({ code: 'NameTaken', detail: 'the user has a login profile already' })]);
    expect((await given.world.call('DELETE', given.path, undefined, { headers: { 'if-match': '"2"' } })).status).toBe(412);
    expect((await given.world.call('DELETE', given.path)).status).toBe(204);
    expect((await given.world.call('DELETE', given.path)).status).toBe(404);
    expect(await given.typesOf(id)).toEqual(['wami.login-profile.created.v1', 'wami.login-profile.deleted.v1']);
    expect(await given.made()).not.toBe(id);
  });

  it('is of users alone, and of another tenant nothing is there', async () => {
    await given.made();
    const account = await given.world.create('service-accounts', { tenant: 'acme', accountName: given.name });
    for (const [method, where, body, more] of [
      ['POST', `/v1/users/${account}/login-profile`, BODY, {}], ['POST', `/v1/service-accounts/${account}/login-profile`, BODY, {}], ['DELETE', `/v1/users/${account}/login-profile`, undefined, {}],
      ['POST', given.path, BODY, { token: OTHER_TOKEN }], ['DELETE', given.path, undefined, { token: OTHER_TOKEN }],
    ] as const) expect((await given.world.call(method, where, body, more)).status).toBe(404);
  });

  it('is made by administrators alone; an editor may take it away', async () => {
    const by = { token: EDITOR_TOKEN };
    expect((await given.world.call('POST', given.path, BODY, by)).status).toBe(403);
    await given.made();
    expect((await given.world.call('DELETE', given.path, undefined, by)).status).toBe(204);
  });

  it.each([[{}], [{ sealTo: 'x' }], [{ ...BODY, password: 'Correct-horse-9' }]])('is refused for %j', async (body) => {
    expect((await given.world.call('POST', given.path, body)).status).toBe(422);
  });

  it('is made and deleted once under one Idempotency-Key each', () => given.expectDoneOnce(() => [['DELETE', given.path]]));

  it('goes with the deletion of the user, in the name of who deleted', () => given.expectToGoWithUser());
});
