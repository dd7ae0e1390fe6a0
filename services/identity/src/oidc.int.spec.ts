import { readConfig, silentLogger } from '@wami/platform';
import { eventually, startTestOidc, startTestPostgres, type TestOidc, type TestPostgres } from '@wami/testing';
import { identityConfigSchema } from './identity.config';
import { startIdentity, type RunningIdentity } from './start-identity';

const ADMIN = 'the-administrator-of-this-test';

jest.setTimeout(120_000);

describe('assurance test 24: access tokens of a real OpenID Connect issuer', () => {
  let oidc: TestOidc;
  let postgres: TestPostgres;
  let identity: RunningIdentity;

  const start = (): Promise<RunningIdentity> => startIdentity(readConfig(identityConfigSchema, {
    WAMI_DATABASE_URL: postgres.url, WAMI_ADMIN_TOKEN: ADMIN, WAMI_KEY_PEPPER: 'the-pepper-of-this-test-32-characters', WAMI_HTTP_PORT: '0',
    WAMI_SERVICE_TOKEN: 'what-the-services-of-this-test-share', WAMI_MASTER_KEY: Buffer.alloc(32, 'master').toString('base64'),
    WAMI_OIDC_ISSUER: oidc.issuer, WAMI_OIDC_AUDIENCE: 'urn:acme:wami', WAMI_OIDC_ROLE_CLAIM: 'realm.roles',
  }), silentLogger);

  beforeAll(async () => {
    const client = (id: string, tenant: string | undefined, ...roles: string[]) => ({ id, claims: { ...(tenant === undefined ? {} : { wami_tenant: tenant }), realm: { roles } } });
    [oidc, postgres] = await Promise.all([
      startTestOidc({ audience: 'urn:acme:wami', clients: [client('ann', 'acme', 'editor'), client('bob', 'other', 'offline', 'viewer'), client('eve', undefined, 'admin')] }),
      startTestPostgres(),
    ]);
    identity = await start();
    for (const id of ['acme', 'other']) expect((await call('POST', '/v1/tenants', ADMIN, { id, name: id })).status).toBe(201);
  });
  afterAll(async () => {
    await identity?.close();
    await Promise.all([oidc?.stop(), postgres?.stop()]);
  });

  const call = async (method: string, path: string, token: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(identity.url + path, {
      method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}), signal: AbortSignal.timeout(20_000),
    });
    return { status: response.status, body: await response.json() as Record<string, unknown> };
  };
  const whoAmI = async (token: string): Promise<number> => (await call('GET', '/v1/whoami', token)).status;

  it('gives the bearer the tenant and the role that its claims say, and no more', async () => {
    const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map((id) => oidc.accessToken(id)));
    expect((await call('GET', '/v1/whoami', ann ?? '')).body).toEqual({ actor: 'oidc/ann', role: 'editor', tenant: 'acme' });
    const created = await call('POST', '/v1/users', ann ?? '', { tenant: 'acme', userName: 'by-ann' });
    expect(created.status).toBe(201);
    const path = `/v1/users/${String(created.body['id'])}`;
    expect((await call('DELETE', '/v1/tenants/acme', ann ?? '')).status).toBe(403);
    expect((await call('GET', path, bob ?? '')).status).toBe(404);
    expect((await call('DELETE', path, bob ?? '')).status).toBe(403);
    expect(await whoAmI(eve ?? '')).toBe(401);
  });

  it('logs nobody out while the issuer is away, and does without it otherwise; then takes tokens of a new key within ten seconds of its first use, and of the old one while it is published', async () => {
    const token = await oidc.accessToken('ann');
    await oidc.stop();
    for (let i = 0; i < 20; i++) expect(await whoAmI(token)).toBe(200);
    expect(await whoAmI(ADMIN)).toBe(200);
    expect((await fetch(`${identity.url}/health/ready`)).status).toBe(200);
    const fresh = await start();
    try {
      const ofFresh = (): Promise<Response> => fetch(`${fresh.url}/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
      const response = await ofFresh();
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
      await oidc.rotateKeys();
      const after = await oidc.accessToken('ann');
      await Promise.all([
        eventually(async () => (await whoAmI(after)) === 200, { timeoutMs: 15_000, intervalMs: 100, describe: 'the new key is known' }),
        eventually(async () => (await ofFresh()).status === 200, { timeoutMs: 20_000, intervalMs: 100, describe: 'the keys were read' }),
      ]);
      expect(await whoAmI(token)).toBe(200);
    } finally {
      await fresh.close();
    }
  });

  it('refuses a token that says it is of the issuer and is not signed by it', async () => {
    const [header, , signature] = (await oidc.accessToken('bob')).split('.');
    const [, body] = (await oidc.accessToken('ann')).split('.');
    expect(await whoAmI(`${header}.${body}.${signature}`)).toBe(401);
  });
});
