import type { SimulationView } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { ACME_TOKEN, ENG_TOKEN, IdentityWorld, type Answer } from '../testing/identity-world';

jest.setTimeout(60_000);

const ACCOUNT = '000000000001';
const BUCKET = 'arn:aws:s3:::reports/2026';
const st = (Effect: 'Allow' | 'Deny', Action: string | string[], Resource: string | string[] = '*', rest: object = {}) => ({ Effect, Action, Resource, ...rest });
const doc = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trust = (...principals: string[]) => doc({ Sid: 'Trusted', Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:AssumeRole' });

describe('POST /v1/policies/simulate', () => {
  let world: IdentityWorld;
  let number = 0;
  let user: string;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other', 'synced']) await world.create('tenants', { id, name: id });
    await world.call('PUT', '/v1/tenants/synced/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }] });
  });
  beforeEach(async () => {
    user = await world.create('users', { tenant: 'acme/eng', userName: `ann-${++number}`, tags: { team: 'core' } });
  });

  const policy = (document: object, more: object = {}): Promise<string> => world.create('policies', { tenant: 'acme', policyName: `p-${++number}`, document, ...more });
  const attach = async (document: object, to = `users/${user}`): Promise<string> => {
    const id = await policy(document);
    expect((await world.call('PUT', `/v1/${to}/policies/${id}`)).status).toBe(201);
    return id;
  };
  const ask = (more: object = {}, token?: string): Promise<Answer> =>
    world.call('POST', '/v1/policies/simulate', { principal: user, action: 's3:GetObject', resource: BUCKET, ...more }, token === undefined ? {} : { token });
  const simulate = async (more: object = {}): Promise<SimulationView> => {
    const { status, body } = await ask(more);
    expect({ status, errors: body['errors'] }).toEqual({ status: 200, errors: undefined });
    return body as unknown as SimulationView;
  };
  /** `allow pol_1/0` or `deny boundary`: the decision, and what made it. */
  const verdict = async (more: object = {}): Promise<string> => {
    const { decision, because } = await simulate(more);
    return `${decision} ${because.by === 'statement' ? `${because.statement.policy}/${because.statement.statement}` : because.by === 'missingAllow' ? because.layer : 'root'}`;
  };

  it('denies where nothing allows, and allows by what is attached, telling the statement', async () => {
    expect(await verdict()).toBe('deny identity');
    const id = await attach(doc(st('Allow', 'ec2:*'), st('Allow', 's3:Get*', 'arn:aws:s3:::reports/*', { Sid: 'Read' })));
    const { body: { policyName } } = await world.call('GET', `/v1/policies/${id}`);
    const statement = { layer: 'identity', policy: id, policyName, via: [user], statement: 1, sid: 'Read', pointer: '/Statement/1', effect: 'Allow' };
    expect(await simulate()).toMatchObject({
      decision: 'allow', because: { by: 'statement', statement }, matched: [statement], missingContextKeys: [],
      principal: { id: user, type: 'user', account: 'acme/eng' }, resource: { arn: BUCKET }, policies: [{ layer: 'identity', policy: id, via: [user] }],
    });
    expect(await verdict({ action: 's3:PutObject' })).toBe('deny identity');
    expect(await verdict({ attached: false })).toBe('deny identity');
  });

  it("counts the policies of the user's groups, a deny above every allow; and no more once they are gone", async () => {
    const group = await world.create('groups', { tenant: 'acme', groupName: `g-${number}` });
    const shared = await attach(doc(st('Allow', 's3:*')));
    expect((await world.call('PUT', `/v1/groups/${group}/policies/${shared}`)).status).toBe(201);
    const denied = await attach(doc(st('Deny', 's3:GetObject')), `groups/${group}`);
    expect(await verdict()).toBe(`allow ${shared}/0`);
    await world.call('PUT', `/v1/groups/${group}/members/${user}`);
    const answer = await simulate();
    expect(answer.because).toMatchObject({ statement: { policy: denied, via: [group], effect: 'Deny' } });
    expect(answer.policies.find((one) => one.policy === shared)?.via).toEqual([user, group]);
    await world.call('DELETE', `/v1/groups/${group}`);
    expect(await verdict()).toBe(`allow ${shared}/0`);
    await world.call('DELETE', `/v1/policies/${shared}`);
    expect(await verdict()).toBe('deny identity');
  });

  it('counts inline policies, its own and those of its groups, and shows no name of one above the caller', async () => {
    const group = await world.create('groups', { tenant: 'acme', groupName: `g-${number}`, inlinePolicies: { stop: doc(st('Deny', 's3:GetObject')) } });
    await world.call('PATCH', `/v1/users/${user}`, { inlinePolicies: { may: doc(st('Allow', 's3:*')) } });
    expect(await verdict()).toBe(`allow ${user}/inlinePolicies/may/0`);
    await world.call('PUT', `/v1/groups/${group}/members/${user}`);
    expect((await simulate()).because).toMatchObject({ statement: { policy: `${group}/inlinePolicies/stop`, policyName: 'stop', via: [group], effect: 'Deny' } });
    const below = (await ask({}, ENG_TOKEN)).body as unknown as SimulationView;
    expect([below.decision, below.policies.map(({ policy: id }) => id)]).toEqual(['deny', [`${user}/inlinePolicies/may`, `${group}/inlinePolicies/0`]]);
  });

  it('never looks at attachments of a role or service account for groups, but at their own', async () => {
    const role = await world.create('roles', { tenant: 'acme', roleName: `r-${number}`, trustPolicy: trust(ACCOUNT) });
    const account = await world.create('service-accounts', { tenant: 'acme', accountName: `s-${number}` });
    const [forRole, forAccount] = [await attach(doc(st('Allow', 's3:*')), `roles/${role}`), await attach(doc(st('Allow', 's3:*')), `service-accounts/${account}`)];
    expect([await verdict({ principal: role }), await verdict({ principal: account })]).toEqual([`allow ${forRole}/0`, `allow ${forAccount}/0`]);
    expect(await verdict({ principal: `arn:wami:iam:acme:wami:test:service-account/${account}` })).toBe(`allow ${forAccount}/0`);
  });

  it('limits by the permissions boundary, the stored one or the one given', async () => {
    const id = await attach(doc(st('Allow', 's3:*')));
    const boundary = await policy(doc(st('Allow', 's3:PutObject')));
    await world.call('PATCH', `/v1/users/${user}`, { permissionsBoundary: boundary });
    expect([await verdict(), await verdict({ action: 's3:PutObject' })]).toEqual(['deny boundary', `allow ${id}/0`]);
    expect(await verdict({ policies: { boundary: { document: doc(st('Allow', '*')) } } })).toBe(`allow ${id}/0`);
    expect(await verdict({ policies: { boundary: { document: doc(st('Deny', '*')), name: 'draft' } } })).toBe('deny draft/0');
  });

  it('bounds to nothing where the boundary is gone', async () => {
    await attach(doc(st('Allow', 's3:*')));
    const boundary = await policy(doc(st('Allow', '*')));
    await world.call('PATCH', `/v1/users/${user}`, { permissionsBoundary: boundary });
    // As if it had been set while the policy was being deleted.
    expect(await verdict()).toMatch(/^allow/);
    await world.pool.query('DELETE FROM identity.directory_boundaries WHERE policy_id = $1', [boundary]);
    expect((await world.call('DELETE', `/v1/policies/${boundary}`)).status).toBe(204);
    expect(await verdict()).toBe('deny boundary');
  });

  it('tries out policies that are only in the request', async () => {
    const kept = await policy(doc(st('Allow', 's3:*')));
    expect(await verdict({ policies: { identity: [{ policy: kept }] } })).toBe(`allow ${kept}/0`);
    expect(await verdict({ policies: { identity: [{ document: doc(st('Allow', 'ec2:*')) }, { document: doc(st('Deny', 's3:*')) }, { policy: kept }] } })).toBe('deny policies/identity/1/0');
    const onBucket = doc({ Effect: 'Allow', Principal: { AWS: `arn:wami:iam:acme/eng:wami:test:user/${user}` }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' });
    expect(await verdict({ policies: { resource: [{ name: 'bucket', document: onBucket }] } })).toBe('allow bucket/0');
  });

  it('knows name and tags of who asks, gives way to the context, and tells the keys that are lacking', async () => {
    const own = await attach(doc(
      st('Allow', 's3:*', 'arn:aws:s3:::home/${aws:username}/*'), st('Allow', 's3:*', BUCKET, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'core' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    ));
    expect(await verdict({ resource: `arn:aws:s3:::home/ann-${number - 1}/x` })).toBe(`allow ${own}/0`);
    expect(await simulate()).toMatchObject({ decision: 'deny', missingContextKeys: ['aws:MultiFactorAuthPresent'] });
    expect(await verdict({ context: { 'aws:multifactorauthpresent': true } })).toBe(`allow ${own}/1`);
    expect(await verdict({ context: { 'aws:multifactorauthpresent': true, 'AWS:PrincipalTag/team': 'sales' } })).toBe('deny identity');
  });

  describe('accounts', () => {
    const queue = (account: string) => ({ action: 'sqs:SendMessage', resource: `arn:aws:sqs:eu-west-1:${account}:q` });
    let synced: string;
    beforeEach(async () => {
      synced = await world.create('users', { tenant: 'synced', userName: `bob-${number}`, path: '/staff/' });
      const id = await world.create('policies', { tenant: 'synced', policyName: `q-${++number}`, document: doc(st('Allow', ['sqs:*', 's3:*', 'sts:*'])) });
      await world.call('PUT', `/v1/users/${synced}/policies/${id}`);
    });

    it('are those that the tenant is synced to: elsewhere the other side must allow too', async () => {
      expect(await simulate({ principal: synced, ...queue(ACCOUNT) })).toMatchObject({ decision: 'allow', principal: { account: ACCOUNT, arn: expect.stringMatching(/^arn:aws:iam::000000000001:user\/staff\/bob-/) as string } });
      expect(await verdict({ principal: synced, ...queue('999999999999') })).toBe('deny resource');
      const both = { resource: [{ name: 'queue', document: doc({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sqs:*', Resource: '*' }) }] };
      expect(await simulate({ principal: synced, ...queue('999999999999'), policies: both })).toMatchObject({ decision: 'allow' });
      expect(await simulate({ principal: synced, ...queue('999999999999'), account: '999999999999' })).toMatchObject({ decision: 'allow' });
    });

    it('are any for a tenant that is synced to none', async () => {
      const id = await attach(doc(st('Allow', 'sqs:*')));
      expect(await verdict(queue('123456789012'))).toBe(`allow ${id}/0`);
    });

    it('name a stored user natively and by its own ARN, whichever a trust policy has', async () => {
      const { body } = await world.call('GET', `/v1/users/${synced}`);
      for (const named of [String(body['arn']), `arn:aws:iam::${ACCOUNT}:user/staff/${String(body['userName'])}`, ACCOUNT]) {
        const role = await world.create('roles', { tenant: 'synced', roleName: `t-${++number}`, trustPolicy: trust(named) });
        expect(await simulate({ principal: synced, action: 'sts:AssumeRole', resource: role })).toMatchObject({ decision: 'allow', resource: { id: role } });
      }
    });
  });

  it("asks a role's trust policy who may assume it, and only that", async () => {
    const { body: { arn } } = await world.call('GET', `/v1/users/${user}`);
    const role = await world.create('roles', { tenant: 'acme/eng', roleName: `r-${number}`, trustPolicy: trust(String(arn)), tags: { env: 'prod' } });
    const assume = { action: 'sts:AssumeRole', resource: role };
    expect(await verdict(assume)).toBe(`allow ${role}/0`);
    expect(await verdict({ ...assume, resource: `arn:wami:iam:acme/eng:wami:test:role/${role}` })).toBe(`allow ${role}/0`);
    const somebody = await world.create('users', { tenant: 'acme/eng', userName: `eve-${number}` });
    expect(await verdict({ ...assume, principal: somebody })).toBe('deny resource');
    expect(await verdict({ ...assume, attached: false, policies: { resource: [{ name: 'draft', document: trust('000000000002') }] } })).toBe('deny resource');
    const tagged = await attach(doc(st('Allow', 'iam:GetRole', '*', { Condition: { StringEquals: { 'iam:ResourceTag/env': 'prod' } } })));
    expect(await verdict({ action: 'iam:GetRole', resource: role })).toBe(`allow ${tagged}/0`);
    const service = { type: 'service', id: 'ecs-tasks.amazonaws.com' };
    expect(await verdict({ ...assume, principal: service })).toBe('deny resource');
    const forTasks = doc({ Effect: 'Allow', Principal: { Service: service.id }, Action: 'sts:AssumeRole' });
    expect(await verdict({ ...assume, principal: service, policies: { resource: [{ document: forTasks }] } })).toBe('allow policies/resource/0/0');
  });

  it('evaluates an AWS principal that is not kept here by the request alone', async () => {
    const principal = 'arn:aws:iam::111122223333:user/ann';
    expect(await verdict({ principal })).toBe('deny identity');
    expect(await simulate({ principal, policies: { identity: [{ document: doc(st('Allow', 's3:*')) }] } })).toMatchObject({ decision: 'allow', principal: { arn: principal, account: '111122223333' } });
  });

  it.each<[string, number, string, object]>([
    ['an unknown principal', 404, '/principal', { principal: 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }],
    ['an ARN of another tenant than its own', 404, '/principal', { principal: 'arn:wami:iam:other:wami:test:user/usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }],
    ['nonsense', 404, '/principal', { principal: 'ann' }],
    ['a group', 422, '/principal', { principal: 'grp_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }],
    ['an ARN of nobody', 422, '/principal', { principal: 'arn:aws:s3:::b' }],
    ['an action with a wildcard', 422, '/action', { action: 's3:*' }],
    ['a resource with a wildcard', 422, '/resource', { resource: 'arn:aws:s3:::*' }],
    ['an unknown role', 404, '/resource', { resource: 'rol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }],
    ['an unknown policy', 404, '/policies/identity/0/policy', { policies: { identity: [{ policy: 'pol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' }] } }],
    ['a wrong document', 422, '/policies/identity/0/document/Statement/0/Effect', { policies: { identity: [{ document: doc({ Effect: 'Maybe', Action: '*', Resource: '*' }) }] } }],
    ['an identity policy as a trust policy', 422, '/policies/resource/0/document/Statement/0', { action: 'sts:AssumeRole', policies: { resource: [{ document: doc(st('Allow', 'sts:AssumeRole')) }] } }],
  ])('refuses %s: %i at %s', async (_, status, pointer, more) => {
    const answer = await ask(more);
    expect([answer.status, (answer.body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([status, pointer]);
  });

  it('tells nothing of other tenants: neither of a principal there, nor what a policy from above says', async () => {
    const foreign = await world.create('users', { tenant: 'other', userName: `f-${number}` });
    const foreignPolicy = await policy(doc(st('Allow', 's3:*')), { tenant: 'other' });
    expect((await ask({ principal: foreign }, ACME_TOKEN)).status).toBe(404);
    expect((await ask({ policies: { identity: [{ policy: foreignPolicy }] } }, ACME_TOKEN)).status).toBe(404);
    const above = await attach(doc(st('Allow', 's3:*', '*', { Sid: 'PlantedSid' })));
    const seen = await ask({}, ENG_TOKEN);
    expect([seen.status, seen.body['because']]).toEqual([200, { by: 'statement', statement: { layer: 'identity', policy: above, via: [user], statement: 0, pointer: '/Statement/0', effect: 'Allow' } }]);
    expect(JSON.stringify(seen.body)).not.toMatch(/Planted|policyName/);
    expect(JSON.stringify((await ask({}, ACME_TOKEN)).body)).toMatch(/PlantedSid.*policyName/);
  });

  it('reads its own writes, and writes nothing', async () => {
    const id = await attach(doc(st('Allow', 's3:*')));
    const head = await world.store.head();
    expect(await verdict()).toBe(`allow ${id}/0`);
    expect(await world.store.head()).toBe(head);
  });
});
