import { API_KEY_PATTERN, type Logger } from '@wami/platform';
import { eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld, PEPPER } from '../testing/identity-world';

const lines: string[] = [];
const write = (fields: object, message: string): void => void lines.push(JSON.stringify([fields, message]));
const recording: Logger = { debug: write, info: write, warn: write, error: write, child: () => recording };

describe('API keys', () => {
  let world: IdentityWorld;
  const secrets: string[] = [];
  worldForAll((url) => IdentityWorld.start(url, recording), async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });

  const make = async (body: object = {}): Promise<{ id: string; secret: string }> => {
    const { status, body: key } = await world.call('POST', '/v1/api-keys', { tenant: 'acme', role: 'editor', name: 'ci', ...body });
    expect(status).toBe(201);
    secrets.push(String(key['secret']));
    return { id: String(key['id']), secret: String(key['secret']) };
  };
  const as = async (token: string): Promise<number> => (await world.call('GET', '/v1/whoami', undefined, { token })).status;

  it('answers with the secret once, and with everything else again', async () => {
    const { status, headers, body } = await world.call('POST', '/v1/api-keys', { tenant: 'acme/eng', role: 'viewer', name: 'board', expiresAt: '2999-01-31T12:00:00+02:00' });
    expect([status, headers.get('etag'), headers.get('location')]).toEqual([201, '"1"', `/v1/api-keys/${String(body['id'])}`]);
    const { secret, ...key } = body;
    secrets.push(String(secret));
    expect(secret).toMatch(API_KEY_PATTERN);
    expect(key).toEqual({
      id: expect.stringMatching(/^key_/) as string, arn: `arn:wami:iam:acme/eng:wami:test:api-key/${String(key['id'])}`, version: 1, tenant: 'acme/eng',
      role: 'viewer', name: 'board', createdAt: expect.any(String) as string, expiresAt: '2999-01-31T10:00:00.000Z',
    });
    const read = await world.call('GET', `/v1/api-keys/${String(key['id'])}`);
    expect([read.status, read.body]).toEqual([200, key]);
    expect((await world.call('GET', '/v1/api-keys?tenant=acme%2Feng')).body).toEqual({ items: [key] });
  });

  it('works at once with its role and tenant, is the actor of what it does, and its use is told', async () => {
    const { id, secret } = await make();
    expect((await world.call('GET', '/v1/whoami', undefined, { token: secret })).body).toEqual({ actor: `api-key/${id}`, role: 'editor', tenant: 'acme' });
    const user = await world.call('POST', '/v1/users', { tenant: 'acme/eng', userName: 'by-key' }, { token: secret });
    expect(user.status).toBe(201);
    expect((await world.store.readStream(String(user.body['id'])))[0]?.meta.actor).toBe(`api-key/${id}`);
    expect((await world.call('POST', '/v1/users', { tenant: 'other', userName: 'by-key' }, { token: secret })).status).toBe(404);
    expect((await world.call('GET', '/v1/api-keys', undefined, { token: secret })).body).toMatchObject({ status: 403, code: 'Forbidden', params: { roles: ['admin'] } });
    expect((await world.call('GET', `/v1/api-keys/${id}`)).body['lastUsedAt']).toEqual(expect.any(String));
    expect((await world.store.readStream(id)).length).toBe(1);
  });

  it('is refused from its expiry on', async () => {
    const { secret } = await make({ expiresAt: new Date(Date.now() + 3000).toISOString() });
    expect(await as(secret)).toBe(200);
    await eventually(async () => (await as(secret)) === 401, { describe: 'the key expired' });
    const past = await world.call('POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'x', expiresAt: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body['errors']]).toEqual([422, [{ pointer: '/expiresAt', code: 'Invalid', detail: 'must be in the future' }]]);
  });

  it('takes old and new secret for the overlap of a rotation, and never three', async () => {
    const { id, secret: first } = await make();
    const rotated = await world.call('POST', `/v1/api-keys/${id}/rotate`);
    const second = String(rotated.body['secret']);
    secrets.push(second);
    expect(rotated.status).toBe(200);
    expect(rotated.body).toMatchObject({ id, version: 2, name: 'ci', rotatedAt: expect.any(String) as string });
    const overlap = Date.parse(String(rotated.body['previousSecretUntil'])) - Date.parse(String(rotated.body['rotatedAt']));
    expect(Math.abs(overlap - 86_400_000)).toBeLessThan(5000);
    expect([await as(first), await as(second)]).toEqual([200, 200]);
    const third = String((await world.call('POST', `/v1/api-keys/${id}/rotate`, { overlapSeconds: 0 })).body['secret']);
    secrets.push(third);
    expect(await as(third)).toBe(200);
    await eventually(async () => (await as(first)) === 401 && (await as(second)) === 401, { describe: 'only the newest secret is taken' });
    expect(await as(third)).toBe(200);
  });

  it('is refused within 5 s of its revocation, at once where it was not just used, and for good', async () => {
    const { id, secret } = await make();
    const fresh = await make();
    expect(await as(secret)).toBe(200);
    expect((await world.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    await eventually(async () => (await as(secret)) === 401, { timeoutMs: 5000, describe: 'the revoked key is refused' });
    expect((await world.call('DELETE', `/v1/api-keys/${fresh.id}`)).status).toBe(204);
    expect(await as(fresh.secret)).toBe(401);
    for (const [method, path] of [['GET', ''], ['DELETE', ''], ['POST', '/rotate']] as const) expect((await world.call(method, `/v1/api-keys/${id}${path}`)).status).toBe(404);
    expect(JSON.stringify((await world.call('GET', '/v1/api-keys')).body)).not.toContain(id);
  });

  it('does not exist for another tenant', async () => {
    const { id } = await make({ tenant: 'other' });
    for (const [method, path] of [['GET', ''], ['DELETE', ''], ['POST', '/rotate']] as const) {
      const [foreign, unknown] = await Promise.all([id, 'key_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y'].map((one) => world.call(method, `/v1/api-keys/${one}${path}`, undefined, { token: ACME_TOKEN })));
      expect([foreign?.status, foreign?.body['detail']]).toEqual([404, unknown?.body['detail']]);
    }
    expect((await world.call('POST', '/v1/api-keys', { tenant: 'other', role: 'admin', name: 'x' }, { token: ACME_TOKEN })).status).toBe(404);
    expect((await world.call('GET', '/v1/api-keys?tenant=other', undefined, { token: ACME_TOKEN })).status).toBe(404);
    expect(JSON.stringify((await world.call('GET', '/v1/api-keys', undefined, { token: ACME_TOKEN })).body)).not.toContain(id);
  });

  it('is listed page by page', async () => {
    await Promise.all([make(), make(), make()]);
    const all = ((await world.call('GET', '/v1/api-keys?tenant=acme')).body['items'] as { id: string }[]).map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await world.call('GET', `/v1/api-keys?tenant=acme&limit=2${cursor}`);
      paged.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      if (body['nextCursor'] === undefined) break;
      cursor = `&cursor=${String(body['nextCursor'])}`;
    }
    expect(paged).toEqual(all);
    expect((await world.call('GET', '/v1/api-keys?cursor=xyz')).status).toBe(400);
  });

  it('is made once under an idempotency key, and its secret is not told again', async () => {
    const body = { tenant: 'acme', role: 'viewer', name: 'once' };
    const headers = { 'idempotency-key': 'key-once' };
    const [first, again] = [await world.call('POST', '/v1/api-keys', body, { headers }), await world.call('POST', '/v1/api-keys', body, { headers })];
    const { secret, ...rest } = first.body;
    secrets.push(String(secret));
    expect([again.status, again.body]).toEqual([201, rest]);
  });

  it('is neither made nor hinted at by a dry run', async () => {
    const head = await world.store.head();
    const { status, body } = await world.call('POST', '/v1/api-keys?dryRun=true', { tenant: 'acme', role: 'viewer', name: 'dry' });
    expect([status, 'secret' in body, await world.store.head()]).toEqual([201, false, head]);
  });

  it('keeps its tenant from being deleted, and goes with a forced deletion', async () => {
    await world.create('tenants', { id: 'short', name: 'short' });
    const { id, secret } = await make({ tenant: 'short', role: 'admin' });
    expect((await world.call('DELETE', '/v1/tenants/short')).body['code']).toBe('TenantNotEmpty');
    expect((await world.call('DELETE', '/v1/tenants/short?force=true')).status).toBe(202);
    await eventually(async () => (await world.call('GET', '/v1/tenants/short')).status === 404, { timeoutMs: 20_000, describe: 'the tenant is gone' });
    expect((await world.store.readStream(id)).map(({ type, meta }) => [type, meta.actor])).toEqual([['wami.api-key.created.v1', 'admin'], ['wami.api-key.revoked.v1', 'identity']]);
    await eventually(async () => (await as(secret)) === 401, { timeoutMs: 5000 });
    await world.create('tenants', { id: 'short', name: 'another one' });
    expect(await as(secret)).toBe(401);
  });

  it.each([
    ['an unknown role', { role: 'root' }], ['no name', { name: ' ' }], ['a name with a control character', { name: 'a\u0007b' }], ['no time', { expiresAt: 'tomorrow' }],
    ['every tenant', { tenant: '' }], ['a secret of its own', { secret: 'x' }],
  ])('refuses %s', async (_name, more) => {
    expect((await world.call('POST', '/v1/api-keys', { tenant: 'acme', role: 'viewer', name: 'x', ...more })).status).toBe(422);
  });

  it('assurance test 10: its secret stands in no table, log line or answer', async () => {
    expect(secrets.length).toBeGreaterThan(10);
    const { rows } = await world.pool.query<{ name: string }>(`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`);
    let text = lines.join('\n');
    for (const { name } of rows) text += JSON.stringify((await world.pool.query(`SELECT * FROM ${name}`)).rows);
    const rest = secrets.flatMap((secret) => [secret, secret.slice(9, 49)]);
    const hits = rest.filter((secret) => text.includes(secret));
    text += `planted ${secrets[0] ?? ''}`;
    console.log(`assurance test 10, API keys: ${secrets.length} secrets in ${rows.length} tables and ${lines.length} log lines, hits ${hits.length}; control: ${rest.some((secret) => text.includes(secret)) ? 'caught' : 'MISSED'}`);
    expect(hits).toEqual([]);
    expect(text).not.toContain(PEPPER.reveal());
  });
});
