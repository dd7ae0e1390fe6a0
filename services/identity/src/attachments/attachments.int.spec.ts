import { attachmentId, type RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const ALLOW = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000001' }, Action: 'sts:AssumeRole' }] };

describe('attachments of policies', () => {
  let world: IdentityWorld;
  let policy: string;
  let number = 0;
  let owners: Readonly<Record<'users' | 'groups' | 'roles' | 'service-accounts', string>>;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });
  beforeEach(async () => {
    const name = `x-${++number}`;
    const tenant = 'acme/eng';
    policy = await world.create('policies', { tenant: 'acme', policyName: name, document: ALLOW });
    owners = {
      users: await world.create('users', { tenant, userName: name }), groups: await world.create('groups', { tenant, groupName: name }),
      roles: await world.create('roles', { tenant, roleName: name, trustPolicy: TRUST }), 'service-accounts': await world.create('service-accounts', { tenant, accountName: name }),
    };
  });

  const attached = (collection: keyof typeof owners, id = owners[collection], to = policy): string => `/v1/${collection}/${id}/policies/${to}`;
  const removals = async (owner: string): Promise<readonly RecordedEvent[]> =>
    (await world.store.readStream(attachmentId(policy, owner))).filter(({ type }) => type === 'wami.attachment.removed.v1');

  it.each([['users', 'user'], ['groups', 'group'], ['roles', 'role'], ['service-accounts', 'service-account']] as const)(
    'of %s: 201, again 204, removed 204, then there is nothing to remove', async (collection, ownerKind) => {
      const ownerId = owners[collection];
      const first = await world.call('PUT', attached(collection));
      expect([first.status, first.headers.get('etag'), first.headers.get('location')]).toEqual([201, '"1"', attached(collection)]);
      const id = attachmentId(policy, ownerId);
      expect(first.body).toEqual({ id, arn: `arn:wami:iam:acme/eng:wami:test:attachment/${id}`, version: 1, tenant: 'acme/eng', policyId: policy, ownerId, ownerKind });
      expect((await world.store.readStream(id))[0]).toMatchObject({ type: 'wami.attachment.added.v1', key: ownerId, personal: {}, data: { policyId: policy, ownerId, ownerKind } });
      const again = await world.call('PUT', attached(collection));
      expect([again.status, again.body]).toEqual([204, {}]);
      expect((await world.call('DELETE', attached(collection))).status).toBe(204);
      expect((await world.call('DELETE', attached(collection))).status).toBe(404);
      expect((await world.call('PUT', attached(collection))).status).toBe(201);
    });

  it('answers 404 for unknown ends, ends of another kind or tenant, and policies that are none', async () => {
    const foreign = await world.create('policies', { tenant: 'other', policyName: `f-${number}`, document: ALLOW });
    const paths = [
      attached('users', owners.groups), attached('groups', owners.users), attached('roles', owners['service-accounts']), attached('users', owners.users, owners.roles),
      attached('users', owners.users, foreign), attached('users', owners.users, 'pol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y'),
    ];
    for (const path of paths) expect([path, (await world.call('PUT', path, undefined, { token: ACME_TOKEN })).status]).toEqual([path, 404]);
  });

  it('keeps to the tenant line: a policy is for its own tenant and those below', async () => {
    const low = await world.create('policies', { tenant: 'acme/eng', policyName: `low-${number}`, document: ALLOW });
    const high = await world.create('users', { tenant: 'acme', userName: `high-${number}` });
    const refused = await world.call('PUT', attached('users', high, low));
    expect([refused.status, refused.body['code']]).toEqual([422, 'ValidationFailed']);
    expect((await world.call('PUT', attached('users', owners.users, low))).status).toBe(201);
  });

  it('answers many who attach the same at once: one 201, the others 204', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.call('PUT', attached('roles'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(204)]);
  });

  it('takes the attachments of a deleted policy away in its own name, with the deletion as cause', async () => {
    for (const collection of Object.keys(owners) as (keyof typeof owners)[]) await world.call('PUT', attached(collection));
    expect((await world.call('DELETE', `/v1/policies/${policy}`, undefined, { headers: { 'x-correlation-id': 'cleanup-1' } })).status).toBe(204);
    const deletion = (await world.store.readStream(policy)).at(-1);
    for (const owner of Object.values(owners)) {
      await eventually(async () => (await removals(owner)).length === 1, { describe: `the attachment to ${owner} is removed` });
      const [removed] = await removals(owner);
      expect([removed?.meta, removed?.key]).toEqual([{ actor: 'identity', correlationId: 'cleanup-1', causationId: deletion?.id }, owner]);
    }
  });

  it.each(['users', 'groups', 'roles', 'service-accounts'] as const)('goes with the deletion of one of the %s', async (collection) => {
    await world.call('PUT', attached(collection));
    await world.call('DELETE', `/v1/${collection}/${owners[collection]}`);
    await eventually(async () => (await removals(owners[collection])).length === 1, { describe: 'the attachment is removed' });
  });

  it('leaves nothing attached when an end is deleted meanwhile', async () => {
    const [added, deleted] = await Promise.all([world.call('PUT', attached('users')), world.call('DELETE', `/v1/policies/${policy}`)]);
    expect(deleted.status).toBe(204);
    expect([201, 404, 409]).toContain(added.status);
    if (added.status === 201) await eventually(async () => (await removals(owners.users)).length === 1, { describe: 'the attachment is removed' });
  });

  it('is waited for as a part of its owner', async () => {
    await world.call('PUT', '/v1/tenants/acme%2Feng/sync-config', { providers: [{ provider: 'aws', account: '000000000001' }] });
    const waiting = await world.call('PUT', attached('roles'), undefined, { headers: { prefer: 'wait=1' } });
    expect(waiting).toMatchObject({ status: 201, body: { sync: { aws: { '000000000001': { state: 'Pending', resource: owners.roles, kind: 'role', operation: 'update' } } } } });
    const [added] = await world.store.readStream(attachmentId(policy, owners.roles));
    await world.cloud.succeeded({ resource: owners.roles, intent: added?.position ?? '', tenant: 'acme/eng', operation: 'update' });
    const again = await world.call('PUT', attached('roles'), undefined, { headers: { prefer: 'wait=10' } });
    expect(again).toMatchObject({ status: 200, body: { sync: { aws: { '000000000001': { state: 'Synced' } } } } });
    await world.call('PUT', '/v1/tenants/acme%2Feng/sync-config', {});
  });
});
