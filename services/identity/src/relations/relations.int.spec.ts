import { attachmentId, membershipId, type RelationList } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { ACME_TOKEN, ENG_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const ALLOW = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };

describe('memberships and attachments as a list', () => {
  let world: IdentityWorld;
  let ids: Readonly<Record<'group' | 'ann' | 'ben' | 'policy' | 'foreign' | 'stranger', string>>;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
    ids = {
      group: await world.create('groups', { tenant: 'acme', groupName: 'crew' }), ann: await world.create('users', { tenant: 'acme', userName: 'ann' }),
      ben: await world.create('users', { tenant: 'acme/eng', userName: 'ben' }), policy: await world.create('policies', { tenant: 'acme', policyName: 'read', document: ALLOW }),
      foreign: await world.create('groups', { tenant: 'other', groupName: 'crew' }), stranger: await world.create('users', { tenant: 'other', userName: 'ann' }),
    };
    const { group, ann, ben, policy, foreign, stranger } = ids;
    for (const path of [`groups/${group}/members/${ann}`, `groups/${group}/members/${ben}`, `users/${ben}/policies/${policy}`, `groups/${foreign}/members/${stranger}`]) {
      await world.call('PUT', `/v1/${path}`);
    }
  });

  const list = async (query = '', token?: string): Promise<RelationList> =>
    (await world.call('GET', `/v1/relations${query}`, undefined, token === undefined ? {} : { token })).body as unknown as RelationList;
  const idsOf = ({ items }: RelationList): string[] => items.map(({ id }) => id);

  it('has each with its ends, of a tenant and below, by id', async () => {
    const { group, ann, ben, policy } = ids;
    expect(await list('?tenant=acme')).toEqual({ items: [
      { id: attachmentId(policy, ben), kind: 'attachment', tenant: 'acme/eng', policyId: policy, ownerId: ben },
      { id: membershipId(group, ann), kind: 'membership', tenant: 'acme', groupId: group, userId: ann },
      { id: membershipId(group, ben), kind: 'membership', tenant: 'acme/eng', groupId: group, userId: ben },
    ] });
    expect(idsOf(await list('?tenant=acme%2Feng'))).toEqual([attachmentId(policy, ben), membershipId(group, ben)]);
    expect((await list()).items).toHaveLength(4);
  });

  it('ends at the tenant of the caller', async () => {
    expect((await list('', ACME_TOKEN)).items).toHaveLength(3);
    expect((await list('', ENG_TOKEN)).items).toHaveLength(2);
    expect((await world.call('GET', '/v1/relations?tenant=other', undefined, { token: ACME_TOKEN })).status).toBe(404);
  });

  it('comes in pages, whose cursor is of this list alone', async () => {
    const first = await list('?tenant=acme&limit=2');
    const second = await list(`?tenant=acme&limit=2&cursor=${first.nextCursor}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(await list('?tenant=acme')));
    expect(second).not.toHaveProperty('nextCursor');
    for (const query of [`?tenant=other&cursor=${first.nextCursor}`, '?cursor=abc']) {
      expect((await world.call('GET', `/v1/relations${query}`)).body).toMatchObject({ status: 400, code: 'MalformedRequest' });
    }
  });

  it('knows what was taken away, by itself or with an end, when the answer of that arrived', async () => {
    const { group, ann, ben, policy } = ids;
    await world.call('DELETE', `/v1/groups/${group}/members/${ann}`);
    expect(idsOf(await list('?tenant=acme'))).toEqual([attachmentId(policy, ben), membershipId(group, ben)]);
    await world.call('DELETE', `/v1/users/${ben}`);
    expect(idsOf(await list('?tenant=acme'))).toEqual([]);
  });
});
