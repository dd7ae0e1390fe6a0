import { worldForAll } from '@wami/testing';
import { IdentityWorld, type Answer } from '../testing/identity-world';

jest.setTimeout(60_000);

describe('preconditions and repeats in a batch', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
  });

  const batch = (...operations: object[]): Promise<Answer> => world.call('POST', '/v1/batch', { operations });

  it('each operation may say which version it is about', async () => {
    const id = await world.create('users', { tenant: 'acme', userName: 'ann' });
    const patch = (displayName: string, ifMatch: string): object => ({ method: 'PATCH', path: `/v1/users/${id}`, body: { displayName }, ifMatch });
    const { body } = await batch(patch('Ann', '"1"'), patch('Anna', '"1"'), patch('Anne', '"2"'));
    expect(body['results']).toMatchObject([{ status: 200 }, { status: 412, body: { code: 'VersionConflict', params: { version: 2 } } }, { status: 200, body: { displayName: 'Anne' } }]);
  });

  it('a repeat says that it is one, here and in a request of its own', async () => {
    const create = { method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName: 'bob' }, idempotencyKey: 'bob-1' };
    const [first, second] = [await batch(create), await batch(create)];
    const [one, two] = [first, second].map(({ body }) => (body['results'] as { headers: Record<string, string>; body: { id: string } }[])[0]);
    expect(one?.headers).not.toHaveProperty('idempotent-replayed');
    expect([two?.headers['idempotent-replayed'], two?.body.id]).toEqual(['true', one?.body.id]);
    const alone = await world.call('POST', '/v1/users', create.body, { headers: { 'idempotency-key': 'bob-1' } });
    expect([alone.status, alone.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  });
});
