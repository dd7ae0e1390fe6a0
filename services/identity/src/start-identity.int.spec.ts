import { decodePosition } from '@wami/contracts';
import { readConfig, silentLogger, StartupError } from '@wami/platform';
import { eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { identityConfigSchema, type IdentityConfig } from './identity.config';
import { startIdentity } from './start-identity';

const TOKEN = 'the-administrator-of-this-test';

jest.setTimeout(60_000);

describe('identity as a process of its own', () => {
  let postgres: TestPostgres;
  let config: IdentityConfig;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    config = readConfig(identityConfigSchema, {
      WAMI_DATABASE_URL: postgres.url, WAMI_ADMIN_TOKEN: TOKEN, WAMI_KEY_PEPPER: 'the-pepper-of-this-test-32-characters', WAMI_HTTP_PORT: '0',
      WAMI_SERVICE_TOKEN: 'what-the-services-of-this-test-share', WAMI_MASTER_KEY: Buffer.alloc(32, 'master').toString('base64'),
    });
  });
  afterAll(() => postgres?.stop());

  const call = (url: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, signal: AbortSignal.timeout(20_000) });

  /** What services tell each other is the installation's: for the administrator of a tenant it is not there. */
  const expectInternal = async (url: string, tenant: string): Promise<void> => {
    const made = await call(url, '/v1/api-keys', { method: 'POST', body: JSON.stringify({ tenant, role: 'admin', name: 'k' }) });
    const { id, secret } = await made.json() as { id: string; secret: string };
    const tell = (authorization: string): Promise<Response> => fetch(`${url}/internal/api-key-uses`, {
      method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ uses: [{ id, usedAt: '2026-01-02T03:04:05Z' }] }),
    });
    expect([(await tell('')).status, (await tell(`Bearer ${secret}`)).status, (await tell(`Bearer ${TOKEN}`)).status]).toEqual([401, 404, 204]);
    expect((await fetch(`${url}/internal/head`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(404);
  };

  it('starts on an empty database, starts again on it, and tells where its log ends', async () => {
    for (const [index, id] of ['first', 'second'].entries()) {
      const identity = await startIdentity(config, silentLogger);
      try {
        const created = await call(identity.url, '/v1/tenants', { method: 'POST', body: JSON.stringify({ id, name: id }) });
        expect(created.status).toBe(201);
        const head = await (await call(identity.url, '/internal/head')).json() as { position: string };
        expect(decodePosition(head.position)).toEqual(decodePosition(created.headers.get('wami-position') ?? ''));
        const { items } = await (await call(identity.url, '/v1/tenants')).json() as { items: unknown[] };
        expect(items).toHaveLength(index + 1);
        expect((await fetch(`${identity.url}/internal/head`)).status).toBe(401);
        await expectInternal(identity.url, id);
        expect((await fetch(`${identity.url}/health/ready`)).status).toBe(200);
      } finally {
        await identity.close();
      }
    }
  });

  it('says in one line that its port is taken, and leaves nothing open', async () => {
    const identity = await startIdentity(config, silentLogger);
    try {
      const port = Number(new URL(identity.url).port);
      await expect(startIdentity({ ...config, WAMI_HTTP_PORT: port }, silentLogger)).rejects.toThrow(StartupError);
    } finally {
      await identity.close();
    }
  });

  it('answers 503 while the database is away, says so, and works again by itself', async () => {
    const identity = await startIdentity(config, silentLogger);
    const create = (id: string): Promise<Response> => call(identity.url, '/v1/tenants', { method: 'POST', body: JSON.stringify({ id, name: id }) });
    try {
      expect((await create('before')).status).toBe(201);
      await postgres.kill9();
      const refused = await create('meanwhile');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ code: 'Unavailable', retryable: true });
      expect((await call(identity.url, '/v1/tenants/before')).status).toBe(503);
      await eventually(async () => (await fetch(`${identity.url}/health/ready`)).status === 503, { describe: 'it is not ready' });
      await postgres.restart();
      await eventually(async () => (await create('after')).status === 201, { timeoutMs: 20_000, describe: 'it works again' });
      await eventually(async () => (await fetch(`${identity.url}/health/ready`)).status === 200, { timeoutMs: 20_000, describe: 'it is ready again' });
      await eventually(async () => (await call(identity.url, '/v1/tenants')).status === 200, { timeoutMs: 20_000, describe: 'the directory caught up' });
    } finally {
      await identity.close();
    }
  });
});
