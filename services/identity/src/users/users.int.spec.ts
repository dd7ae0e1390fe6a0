import { decodePosition } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

describe('users over HTTP', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });

  let number = 0;
  const fresh = (): string => `user-${++number}`;
  const createUser = (more: object = {}): Promise<string> => world.create('users', { tenant: 'acme', userName: fresh(), ...more });

  it('creates: 201, Location, ETag, position, and the resource', async () => {
    const userName = fresh();
    const answer = await world.call('POST', '/v1/users', { tenant: 'acme/eng', userName, email: 'ann@example.com', tags: { team: 'core' } });
    const { id } = answer.body as { id: string };
    expect(answer.status).toBe(201);
    expect(id).toMatch(/^usr_/);
    expect(answer.headers.get('location')).toBe(`/v1/users/${id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(decodePosition(answer.headers.get('wami-position') ?? '')).toEqual({ identity: (await world.store.head()) });
    expect(answer.body).toEqual({
      id, arn: `arn:wami:iam:acme/eng:wami:test:user/${id}`, version: 1, tenant: 'acme/eng', userName, path: '/', email: 'ann@example.com', tags: { team: 'core' },
    });
    const read = await world.call('GET', `/v1/users/${id}`);
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', answer.body]);
  });

  it('keeps what is about a person apart, and says who asked and why', async () => {
    const id = await createUser({ displayName: 'Ann Smith' });
    const answer = await world.call('PATCH', `/v1/users/${id}`, { displayName: 'Ann' }, {
      headers: { 'x-correlation-id': 'ticket-17', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    expect(answer.status).toBe(200);
    const [created, updated] = await world.store.readStream(id);
    expect(JSON.stringify({ ...created, personal: {} })).not.toContain('Ann');
    expect(created?.meta).toMatchObject({ actor: 'admin', correlationId: expect.stringMatching(/^req_/) as string });
    expect(updated?.meta).toEqual({ actor: 'admin', correlationId: 'ticket-17', single: true, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
  });

  it('merges a patch: null takes away, tags are merged, a rename frees the old name', async () => {
    const [old, renamed] = [fresh(), fresh()];
    const id = await createUser({ userName: old, displayName: 'X', tags: { a: '1', b: '2' } });
    const answer = await world.call('PATCH', `/v1/users/${id}`, { userName: renamed, displayName: null, tags: { a: null, c: '3' } },
      { headers: { 'content-type': 'application/merge-patch+json', 'if-match': '"1"' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ userName: renamed, tags: { b: '2', c: '3' }, version: 3 });
    expect(answer.body).not.toHaveProperty('displayName');
    await createUser({ userName: old });
    expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName: renamed })).status).toBe(409);
  });

  it('leaves a user as it is where a patch changes nothing', async () => {
    const id = await createUser({ tags: { a: '1' } });
    const answer = await world.call('PATCH', `/v1/users/${id}`, { tags: { a: '1' } });
    expect([answer.status, answer.body['version'], answer.headers.get('etag')]).toEqual([200, 1, '"1"']);
    expect(answer.headers.get('wami-position')).toBeTruthy();
  });

  it('renames to another case of the same name', async () => {
    const userName = fresh();
    const id = await createUser({ userName });
    expect((await world.call('PATCH', `/v1/users/${id}`, { userName: userName.toUpperCase() })).status).toBe(200);
    expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName })).status).toBe(409);
  });

  it('refuses a taken name, whatever its case, without repeating it', async () => {
    const userName = fresh();
    await createUser({ userName });
    const answer = await world.call('POST', '/v1/users', { tenant: 'acme', userName: userName.toUpperCase() });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'NameTaken', params: { kind: 'user', field: 'userName' } });
    expect(JSON.stringify(answer.body).toLowerCase()).not.toContain(userName);
    expect((await world.call('POST', '/v1/users', { tenant: 'other', userName })).status).toBe(201);
  });

  it('gives a name that 50 ask for at once to one', async () => {
    const userName = fresh();
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.call('POST', '/v1/users', { tenant: 'acme', userName })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(49).fill(409)]);
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body['code']))).toEqual(new Set(['NameTaken']));
  });

  it('deletes: 204, then 404, and the name is free', async () => {
    const userName = fresh();
    const id = await createUser({ userName });
    const answer = await world.call('DELETE', `/v1/users/${id}`);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('wami-position')).toBeTruthy();
    for (const method of ['GET', 'DELETE']) expect((await world.call(method, `/v1/users/${id}`)).status).toBe(404);
    expect((await world.call('PATCH', `/v1/users/${id}`, {})).status).toBe(404);
    await createUser({ userName });
  });

  describe('If-Match', () => {
    const patch = (id: string, ifMatch: string, body: object = { displayName: 'Y' }) => world.call('PATCH', `/v1/users/${id}`, body, { headers: { 'if-match': ifMatch } });

    it.each([['"1"', 200], ['*', 200], ['"7", "1"', 200], ['"2"', 412], ['W/"1"', 412], ['"abc"', 412], ['1', 400], ['', 400]])('%s on version 1 answers %i', async (header, status) => {
      const answer = await patch(await createUser(), header);
      expect(answer.status).toBe(status);
      if (status === 412) expect(answer.body).toMatchObject({ code: 'VersionConflict', params: { version: 1 } });
    });

    it('lets one of many racing writers through', async () => {
      const id = await createUser();
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => patch(id, '"1"', { displayName: `writer ${i}` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
    });

    it('is not needed: racing writers without it all get through', async () => {
      const id = await createUser();
      const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => world.call('PATCH', `/v1/users/${id}`, { tags: { [`k${i}`]: 'v' } })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect((await world.call('GET', `/v1/users/${id}`)).body['tags']).toEqual({ k0: 'v', k1: 'v', k2: 'v', k3: 'v' });
    });

    it('says 404, not 412, of what is not there', async () => {
      expect((await patch('usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', '"1"')).status).toBe(404);
    });
  });

  describe('Idempotency-Key', () => {
    const keyed = (key: string, token?: string) => ({ headers: { 'idempotency-key': key }, ...(token ? { token } : {}) });

    it('answers again what it answered first, and refuses another body', async () => {
      const body = { tenant: 'acme', userName: fresh() };
      const first = await world.call('POST', '/v1/users', body, keyed('key-1'));
      await world.call('PATCH', `/v1/users/${String(first.body['id'])}`, { displayName: 'later' });
      const again = await world.call('POST', '/v1/users', { userName: body.userName, tenant: body.tenant }, keyed('key-1'));
      expect([again.status, again.body]).toEqual([201, first.body]);
      for (const name of ['location', 'etag', 'wami-position']) expect(again.headers.get(name)).toBe(first.headers.get(name));
      const other = await world.call('POST', '/v1/users', { ...body, displayName: 'other' }, keyed('key-1'));
      expect([other.status, other.body['code']]).toEqual([422, 'IdempotencyKeyReused']);
    });

    it('repeats a deletion', async () => {
      const id = await createUser();
      const answers = [await world.call('DELETE', `/v1/users/${id}`, undefined, keyed('key-2')), await world.call('DELETE', `/v1/users/${id}`, undefined, keyed('key-2'))];
      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    });

    it('does a command once that is sent twenty times at once', async () => {
      const body = { tenant: 'acme', userName: fresh() };
      const answers = await Promise.all(Array.from({ length: 20 }, () => world.call('POST', '/v1/users', body, keyed('key-3'))));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
    });

    it('keeps no failure, and is the caller’s own', async () => {
      const taken = fresh();
      const holder = await createUser({ userName: taken });
      expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName: taken }, keyed('key-4'))).status).toBe(409);
      await world.call('DELETE', `/v1/users/${holder}`);
      expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName: taken }, keyed('key-4'))).status).toBe(201);
      expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName: fresh() }, keyed('key-4', ACME_TOKEN))).status).toBe(201);
    });

    it('refuses a key that cannot be one', async () => {
      expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName: fresh() }, keyed('a b'))).status).toBe(400);
    });
  });

  describe('dryRun', () => {
    it('answers as if it were done and writes nothing', async () => {
      const userName = fresh();
      const head = await world.store.head();
      const answer = await world.call('POST', '/v1/users?dryRun=true', { tenant: 'acme', userName });
      expect([answer.status, answer.body['userName'], answer.headers.get('wami-position')]).toEqual([201, userName, null]);
      expect(await world.store.head()).toBe(head);
      expect((await world.call('POST', '/v1/users', { tenant: 'acme', userName })).status).toBe(201);
    });

    it('checks names and existence', async () => {
      const userName = fresh();
      const id = await createUser({ userName });
      expect((await world.call('POST', '/v1/users?dryRun=true', { tenant: 'acme', userName })).status).toBe(409);
      expect((await world.call('DELETE', `/v1/users/${id}?dryRun=true`)).status).toBe(204);
      expect((await world.call('GET', `/v1/users/${id}`)).status).toBe(200);
    });

    it('does not write because a parameter was mistyped', async () => {
      const head = await world.store.head();
      for (const query of ['dryrun=true', 'dryRun=yes', 'dryRun=true&dryRun=false']) {
        expect((await world.call('POST', `/v1/users?${query}`, { tenant: 'acme', userName: fresh() })).status).toBe(422);
      }
      expect(await world.store.head()).toBe(head);
    });
  });

  describe('another tenant', () => {
    const asAcme = { token: ACME_TOKEN };
    const shape = ({ status, body }: { status: number; body: Record<string, unknown> }): unknown => [status, { ...body, instance: '', requestId: '' }];

    it('is answered like what does not exist', async () => {
      const foreign = await world.create('users', { tenant: 'other', userName: fresh() });
      const unknown = 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';
      for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { displayName: 'x' }]] as const) {
        const options = { ...asAcme, headers: { 'if-match': '"9"' } };
        expect(shape(await world.call(method, `/v1/users/${foreign}`, body, options))).toEqual(shape(await world.call(method, `/v1/users/${unknown}`, body, options)));
      }
      const create = (tenant: string) => world.call('POST', '/v1/users', { tenant, userName: fresh() }, asAcme);
      expect([(await create('other')).status, (await create('unknown')).status, (await create('acme/eng')).status]).toEqual([404, 404, 201]);
    });
  });

  it('answers 304 where the caller has the version', async () => {
    const id = await createUser();
    expect((await world.call('GET', `/v1/users/${id}`, undefined, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
    expect((await world.call('GET', `/v1/users/${id}`, undefined, { headers: { 'if-none-match': '"2"' } })).status).toBe(200);
  });

  it.each([
    ['POST', '/v1/users', { tenant: 'acme' }, 422], ['POST', '/v1/users', { tenant: 'acme', userName: 'x', admin: true }, 422], ['POST', '/v1/users', [], 422],
    ['POST', '/v1/users', { tenant: 'acme', userName: 'a\u0000b' }, 400], ['POST', '/v1/users', { tenant: 'acme', userName: 'x', tags: { 'wami-id': '1' } }, 422],
    ['POST', '/v1/users', { tenant: 'acme', userName: '\ud800' }, 400], ['POST', '/v1/users', { tenant: 'acme', userName: 'n', displayName: 'a\u0000' }, 400],
    ['POST', '/v1/users', { tenant: 'acme', userName: 'm', displayName: 'a\ud800b' }, 400],
    ['GET', '/v1/users/%00', undefined, 404], ['GET', '/v1/users/usr_%27%3B--', undefined, 404], ['GET', '/v1/users/grp_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', undefined, 404],
    ['GET', `/v1/users/${'x'.repeat(900)}`, undefined, 404], ['GET', '/v1/users/%zz', undefined, 400], ['GET', '/v1/tenants/%00', undefined, 404],
  ])('%s %s with %j answers %i', async (method, path, body, status) => {
    const answer = await world.call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body['code']).toBeTruthy();
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
