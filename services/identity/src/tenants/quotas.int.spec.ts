import 'reflect-metadata';
import { worldForAll } from '@wami/testing';
import { IdentityWorld } from '../testing/identity-world';

describe('a quota of a tenant', () => {
  let world: IdentityWorld;
  worldForAll((url) => IdentityWorld.start(url), (started) => { world = started; });

  const user = (tenant: string, userName: string) => world.call('POST', '/v1/users', { tenant, userName });
  const statuses = (answers: readonly { readonly status: number }[]): Record<number, number> => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('is kept to exactly, however many are created at once', async () => {
    await world.create('tenants', { id: 'race', name: 'Race', quotas: { user: 10 } });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => user('race', `u${n}`)));
    console.log(`50 creates at once on a quota of 10: ${JSON.stringify(statuses(answers))}`);
    expect(statuses(answers)).toEqual({ 201: 10, 409: 40 });
    const refused = answers.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'QuotaExceeded', params: { quota: 'user', tenant: 'race', most: 10 }, detail: expect.stringContaining('quota "user" of the tenant race is 10') });
    expect((await world.call('POST', '/v1/groups', { tenant: 'race', groupName: 'g' })).status).toBe(201);
  });

  it('holds for a batch and for what a dry run would do, and a deletion makes room', async () => {
    await world.create('tenants', { id: 'batch', name: 'Batch', quotas: { user: 2 } });
    const operations = Array.from({ length: 5 }, (_, n) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'batch', userName: `u${n}` } }));
    const { results } = (await world.call('POST', '/v1/batch', { operations })).body as unknown as { results: { status: number; body: { id: string } }[] };
    expect(statuses(results)).toEqual({ 201: 2, 409: 3 });
    expect((await world.call('POST', '/v1/users?dryRun=true', { tenant: 'batch', userName: 'dry' })).body['code']).toBe('QuotaExceeded');
    await world.call('DELETE', `/v1/users/${results.find(({ status }) => status === 201)?.body.id}`);
    expect([(await user('batch', 'again')).status, (await user('batch', 'too many')).status]).toEqual([201, 409]);
  });

  it('of a tenant above counts what is below it, and children and keys have quotas too', async () => {
    await world.create('tenants', { id: 'top', name: 'Top', quotas: { user: 3, tenant: 1, 'api-key': 1 } });
    await world.create('tenants', { id: 'top/eng', name: 'Engineering', quotas: { user: 2 } });
    expect((await world.call('POST', '/v1/tenants', { id: 'top/two', name: 'Two' })).body).toMatchObject({ code: 'QuotaExceeded', params: { quota: 'tenant', tenant: 'top' } });
    expect(statuses(await Promise.all(['a', 'b', 'c'].map((name) => user('top/eng', name))))).toEqual({ 201: 2, 409: 1 });
    expect(statuses(await Promise.all(['a', 'b', 'c'].map((name) => user('top', name))))).toEqual({ 201: 1, 409: 2 });
    const key = (tenant: string) => world.call('POST', '/v1/api-keys', { tenant, role: 'viewer', name: 'k' });
    expect([(await key('top/eng')).status, (await key('top')).body['code']]).toEqual([201, 'QuotaExceeded']);
  });

  it('that is lowered takes nothing away, that is raised makes room, and a kind that nobody knows is refused', async () => {
    await world.create('tenants', { id: 'lower', name: 'Lower' });
    await Promise.all(['a', 'b', 'c'].map((name) => user('lower', name)));
    const patch = (quotas: object) => world.call('PATCH', '/v1/tenants/lower', { quotas });
    await patch({ user: 1 });
    expect((await user('lower', 'd')).status).toBe(409);
    await patch({ user: 4 });
    expect([(await user('lower', 'd')).status, (await user('lower', 'e')).status]).toEqual([201, 409]);
    const refused = await patch({ users: 5 });
    expect([refused.status, JSON.stringify(refused.body['errors'])]).toEqual([422, expect.stringContaining('quotas')]);
  });

  it('answers a repeated request with what the first was answered, also when it is used up since', async () => {
    await world.create('tenants', { id: 'repeat', name: 'Repeat', quotas: { user: 1 } });
    const once = () => world.call('POST', '/v1/users', { tenant: 'repeat', userName: 'only' }, { headers: { 'idempotency-key': 'quota-once' } });
    const [first, second] = [await once(), await once()];
    expect([first.status, second.status, second.body['id']]).toEqual([201, 201, first.body['id']]);
  });
});
