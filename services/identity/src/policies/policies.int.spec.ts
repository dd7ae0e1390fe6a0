import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld, type Answer } from '../testing/identity-world';

jest.setTimeout(60_000);

const READ = { Version: '2012-10-17', Statement: [{ Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::reports/*' }] };
const RESPELLED = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'S3:getobject', Resource: ['arn:aws:s3:::reports/*'] } };
const WRITE = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }] };
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

describe('policies, roles and service accounts over HTTP', () => {
  let world: IdentityWorld;

  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });

  let number = 0;
  const fresh = (): string => `name-${++number}`;
  const policy = (more: object = {}): Promise<string> => world.create('policies', { tenant: 'acme', policyName: fresh(), document: READ, ...more });
  const errors = ({ body }: Answer): unknown => (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`);

  it.each([
    ['policies', 'policy', 'policyName', { document: READ }, { path: '/', document: READ, documentVersion: 1, tags: {} }],
    ['roles', 'role', 'roleName', { trustPolicy: TRUST }, { path: '/', trustPolicy: TRUST, maxSessionDuration: 3600, tags: {} }],
    ['service-accounts', 'service-account', 'accountName', { displayName: 'Deployer' }, { path: '/', displayName: 'Deployer', tags: {} }],
  ])('creates, reads, changes and deletes %s like users', async (collection, kind, field, body, view) => {
    const name = fresh();
    const created = await world.call('POST', `/v1/${collection}`, { tenant: 'acme/eng', [field]: name, ...body });
    const id = String(created.body['id']);
    expect([created.status, created.headers.get('etag'), created.headers.get('location')]).toEqual([201, '"1"', `/v1/${collection}/${id}`]);
    expect(created.body).toEqual({ id, arn: `arn:wami:iam:acme/eng:wami:test:${kind}/${id}`, version: 1, tenant: 'acme/eng', [field]: name, ...view });
    expect((await world.call('GET', `/v1/${collection}/${id}`)).body).toEqual(created.body);
    const taken = await world.call('POST', `/v1/${collection}`, { tenant: 'acme/eng', [field]: name.toUpperCase(), ...body });
    expect([taken.status, errors(taken)]).toEqual([409, [`/${field} NameTaken`]]);
    const patched = await world.call('PATCH', `/v1/${collection}/${id}`, { [field]: `${name}-new`, tags: { team: 'core' } }, { headers: { 'if-match': '"1"' } });
    expect([patched.status, patched.body['version'], patched.body[field], patched.body['tags']]).toEqual([200, 3, `${name}-new`, { team: 'core' }]);
    expect((await world.call('PATCH', `/v1/${collection}/${id}`, { path: '/x/' }, { headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await world.call('DELETE', `/v1/${collection}/${id}?dryRun=true`)).status).toBe(204);
    expect((await world.call('DELETE', `/v1/${collection}/${id}`)).status).toBe(204);
    expect((await world.call('GET', `/v1/${collection}/${id}`)).status).toBe(404);
  });

  it.each([['users', 'userName', {}], ['groups', 'groupName', {}], ['roles', 'roleName', { trustPolicy: TRUST }], ['service-accounts', 'accountName', {}]])('keeps inline policies of %s by their names, apart from the rest of the events', async (collection, field, body) => {
    const created = await world.call('POST', `/v1/${collection}`, { tenant: 'acme', [field]: fresh(), ...body, inlinePolicies: { read: READ, 'planted-name': WRITE } });
    const id = String(created.body['id']);
    expect([created.status, created.headers.get('etag'), created.body['inlinePolicies']]).toEqual([201, '"2"', { read: READ, 'planted-name': WRITE }]);
    const patch = (inlinePolicies: unknown): Promise<Answer> => world.call('PATCH', `/v1/${collection}/${id}`, { inlinePolicies });
    expect((await patch({ read: RESPELLED })).body).toEqual(created.body);
    expect((await patch({ read: WRITE, 'planted-name': null })).body).toMatchObject({ version: 3, inlinePolicies: { read: WRITE } });
    const wrong = await patch({ read: { ...READ, Statement: [{ Effect: 'Perhaps' }] }, list: READ });
    expect([wrong.status, (errors(wrong) as string[])[0]]).toEqual([422, '/inlinePolicies/read/Statement/0/Effect InvalidEffect']);
    expect([(await patch({ 'with blank': READ })).status, (await patch({ read: READ, READ })).status]).toEqual([422, 422]);
    expect((await patch(null)).body).not.toHaveProperty('inlinePolicies');
    expect((await world.call('GET', `/v1/${collection}/${id}`)).body).toMatchObject({ version: 4 });
    expect(JSON.stringify((await world.store.readStream(id)).map((event) => ({ ...event, personal: {} })))).not.toContain('planted');
  });

  it('keeps whom a service account trusts by their names, apart from the rest of the events, and only with an issuer that TLS speaks for', async () => {
    const main = { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/planted-shop:ref:refs/heads/main' };
    const created = await world.call('POST', '/v1/service-accounts', { tenant: 'acme', accountName: fresh(), federation: { 'planted-name': main } });
    const id = String(created.body['id']);
    expect([created.status, created.headers.get('etag'), created.body['federation']]).toEqual([201, '"2"', { 'planted-name': main }]);
    const patch = (federation: unknown): Promise<Answer> => world.call('PATCH', `/v1/service-accounts/${id}`, { federation });
    expect((await patch({ 'planted-name': { ...main, audiences: ['api://AzureADTokenExchange'] } })).body).toEqual(created.body);
    expect((await patch({ live: { ...main, subject: 'x' } })).body).toMatchObject({ version: 3, federation: { 'planted-name': main, live: { ...main, subject: 'x' } } });
    const wrong: [unknown, string][] = [
      [{ a: { ...main, issuer: 'http://issuer.example' } }, '/federation/a/issuer'], [{ a: { ...main, issuer: 'https://user@issuer.example' } }, '/federation/a/issuer'], [{ a: { ...main, issuer: 'https://issuer.example?x' } }, '/federation/a/issuer'],
      [{ a: { ...main, subject: 'x'.repeat(601) } }, '/federation/a/subject'], [{ a: { ...main, subject: ' x' } }, '/federation/a/subject'], [{ a: { ...main, audiences: ['one', 'two'] } }, '/federation/a/audiences'],
      [{ a: main }, '/federation/a'], [{ LIVE: { ...main, subject: 'y' } }, '/federation'], [{ 'with blank': main }, '/federation'], [{ '0d380b48-63eb-4a1b-8023-a5af7aaf2f6d': { ...main, subject: 'y' } }, '/federation'],
    ];
    for (const [federation, pointer] of wrong) {
      const answer = await patch(federation);
      expect([answer.status, JSON.stringify(errors(answer))]).toEqual([422, expect.stringContaining(`"${pointer}`) as string]);
    }
    expect((await patch(null)).body).not.toHaveProperty('federation');
    expect(JSON.stringify((await world.store.readStream(id)).map((event) => ({ ...event, personal: {} })))).not.toContain('planted');
  });

  it('answers the same again under the same key', async () => {
    const body = { tenant: 'acme', policyName: fresh(), document: READ };
    const headers = { 'idempotency-key': 'policy-1' };
    const [first, again] = [await world.call('POST', '/v1/policies', body, { headers }), await world.call('POST', '/v1/policies', body, { headers })];
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await world.call('POST', '/v1/policies', { ...body, document: WRITE }, { headers })).status).toBe(422);
  });

  it('shows nothing of another tenant', async () => {
    const foreign = await policy({ tenant: 'other' });
    for (const [method, body] of [['GET', undefined], ['PATCH', {}], ['DELETE', undefined]] as const) {
      expect((await world.call(method, `/v1/policies/${foreign}`, body, { token: ACME_TOKEN })).status).toBe(404);
    }
    expect((await world.call('GET', `/v1/policies/${foreign}/versions`, undefined, { token: ACME_TOKEN })).status).toBe(404);
  });

  it('says where a document is wrong', async () => {
    const document = { Version: '2012-10-17', Statement: [READ.Statement[0], { Effect: 'Allow', Action: 's3', Resource: '*', Condition: { StringLikes: { 'aws:username': 'a' } } }] };
    const policyRefused = await world.call('POST', '/v1/policies', { tenant: 'acme', policyName: fresh(), document });
    expect([policyRefused.status, policyRefused.body['code'], errors(policyRefused)]).toEqual([422, 'ValidationFailed',
      ['/document/Statement/1/Action InvalidAction', '/document/Statement/1/Condition/StringLikes InvalidConditionOperator']]);
    const roleRefused = await world.call('POST', '/v1/roles', { tenant: 'acme', roleName: fresh(), trustPolicy: READ });
    expect([roleRefused.status, (errors(roleRefused) as string[]).every((one) => one.startsWith('/trustPolicy/Statement/0'))]).toEqual([422, true]);
  });

  it('keeps documents, names and descriptions apart from the rest of the events', async () => {
    const id = await policy({ policyName: 'planted-name', description: 'planted-words', document: { ...READ, Statement: [{ ...READ.Statement[0], Resource: 'arn:aws:iam::1:user/planted-user' }] } });
    const [created] = await world.store.readStream(id);
    expect(JSON.stringify({ ...created, personal: {} })).not.toContain('planted');
  });

  it('leaves a policy as it is where a document means the same, and remembers every other', async () => {
    const id = await policy();
    expect((await world.call('PATCH', `/v1/policies/${id}`, { document: RESPELLED })).body).toMatchObject({ version: 1, document: READ });
    expect((await world.call('PATCH', `/v1/policies/${id}`, { document: WRITE })).body).toMatchObject({ version: 2, documentVersion: 2, document: WRITE });
    await world.call('PATCH', `/v1/policies/${id}`, { description: 'what it is for' });
    const { body } = await world.call('GET', `/v1/policies/${id}/versions`);
    expect(body['items']).toEqual([
      { documentVersion: 2, current: true, document: WRITE, version: 2, createdBy: 'admin', createdAt: expect.any(String) as string },
      { documentVersion: 1, current: false, document: READ, version: 1, createdBy: 'admin', createdAt: expect.any(String) as string },
    ]);
  });

  describe('a permissions boundary', () => {
    const role = (more: object, tenant = 'acme') => world.call('POST', '/v1/roles', { tenant, roleName: fresh(), trustPolicy: TRUST, ...more });
    const user = (more: object, tenant = 'acme') => world.call('POST', '/v1/users', { tenant, userName: fresh(), ...more });

    it('is named by id or ARN, and read as an id', async () => {
      const id = await policy();
      for (const permissionsBoundary of [id, `arn:wami:iam:acme:wami:test:policy/${id}`]) {
        for (const make of [role, user]) expect(await make({ permissionsBoundary }, 'acme/eng')).toMatchObject({ status: 201, body: { permissionsBoundary: id } });
      }
    });

    it('is a policy of the own tenant or one above, that is there and that the caller sees', async () => {
      const gone = await policy();
      await world.call('DELETE', `/v1/policies/${gone}`);
      const [low, foreign] = [await policy({ tenant: 'acme/eng' }), await policy({ tenant: 'other' })];
      const refusals = await Promise.all([
        user({ permissionsBoundary: gone }), user({ permissionsBoundary: low }), user({ permissionsBoundary: 'pol_1' }), user({ permissionsBoundary: `arn:wami:iam:other:wami:test:policy/${low}` }),
        world.call('POST', '/v1/users', { tenant: 'acme', userName: fresh(), permissionsBoundary: foreign }, { token: ACME_TOKEN }),
      ]);
      expect(refusals.map(({ status, body }) => [status, (body['errors'] as { pointer: string; code: string }[])[0]])).toEqual(
        [[404, 'NotFound'], [422, 'NotAllowed'], [422, 'BadFormat'], [404, 'NotFound'], [404, 'NotFound']]
          .map(([status, code]) => [status, expect.objectContaining({ pointer: '/permissionsBoundary', code })]));
    });

    it('keeps its policy from being deleted until nothing has it any more', async () => {
      const id = await policy();
      const { body } = await role({ permissionsBoundary: id });
      const refused = await world.call('DELETE', `/v1/policies/${id}`);
      expect([refused.status, refused.body['code'], refused.body['params']]).toEqual([409, 'PolicyInUse', { boundaryOf: [body['id']] }]);
      const freed = await world.call('PATCH', `/v1/roles/${String(body['id'])}`, { permissionsBoundary: null });
      expect(freed.body).not.toHaveProperty('permissionsBoundary');
      expect((await world.call('DELETE', `/v1/policies/${id}`)).status).toBe(204);
    });
  });

  it('goes with a tenant that is deleted by force, also where one is the boundary of another', async () => {
    await world.create('tenants', { id: 'doomed', name: 'd' });
    const bound = await policy({ tenant: 'doomed' });
    await world.create('roles', { tenant: 'doomed', roleName: 'r', trustPolicy: TRUST, permissionsBoundary: bound });
    const account = await world.create('service-accounts', { tenant: 'doomed', accountName: 's' });
    await world.call('PUT', `/v1/service-accounts/${account}/policies/${bound}`);
    expect((await world.call('DELETE', '/v1/tenants/doomed')).body['code']).toBe('TenantNotEmpty');
    expect((await world.call('DELETE', '/v1/tenants/doomed?force=true')).status).toBe(202);
    await eventually(async () => (await world.call('GET', '/v1/tenants/doomed')).status === 404, { describe: 'the tenant is gone' });
  });

  it('takes all of it in a batch, and syncs what it is asked to', async () => {
    const { status, body } = await world.call('POST', '/v1/batch', { operations: [
      { method: 'POST', path: '/v1/policies', body: { tenant: 'acme', policyName: 'batched', document: READ } },
      { method: 'POST', path: '/v1/policies', body: { tenant: 'acme', policyName: 'BATCHED', document: READ } },
      { method: 'POST', path: '/v1/roles', body: { tenant: 'acme', roleName: 'batched', trustPolicy: TRUST } },
    ] });
    const results = body['results'] as { status: number; body: { id: string; arn: string } }[];
    expect([status, results.map((result) => result.status)]).toEqual([200, [201, 409, 201]]);
    const sync = await world.call('POST', '/v1/sync', { resources: [results[2]?.body.arn, results[0]?.body.id] });
    expect([sync.status, typeof sync.body['job']]).toEqual([202, 'string']);
  });
});
