import { createPool } from '@wami/event-store';
import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { patiently as eventually, servicesApart, type ServiceProcess, type ServicesApart } from '@wami/testing';
import type { Pool } from 'pg';

const ACCOUNT = '000000000001';
const MANY = 30;
const WAIT = { prefer: 'wait=20' };

jest.setTimeout(120_000);

describe('personal data, where every service is a process of its own', () => {
  let cloud: SandboxAws;
  let wami: ServicesApart;
  let pool: Pool;

  beforeAll(async () => {
    cloud = await startSandboxAws({ account: ACCOUNT });
    const credentials = '{ type: static, accessKeyId: env:SANDBOX_KEY, secretAccessKey: env:SANDBOX_SECRET }';
    const connections = `connections:\n  - { provider: aws, account: "${ACCOUNT}", endpoint: "${cloud.url}", credentials: ${credentials} }\n`;
    wami = await servicesApart({ log: 'postgres', connections, env: { SANDBOX_KEY: 'AKIASANDBOX000000000', SANDBOX_SECRET: 'sandbox', WAMI_LEASE_SECONDS: '5' } });
    pool = createPool({ connectionString: wami.postgres.url, applicationName: 'spec', onError: () => undefined });
    for (const service of wami.all) {
      service.start();
      await service.ready(60_000);
    }
    await command('POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await command('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }] });
  }, 300_000);

  afterAll(async () => {
    await pool?.end();
    await wami?.stop();
    await cloud?.close();
  }, 60_000);

  const command = <Body = { id: string }>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => wami.call<Body>(wami.identity, method, path, body, headers);
  const create = async (userName: string, headers = {}) => (await command('POST', '/v1/users', { tenant: 'acme', userName, email: `${userName}@example.com` }, headers)).body;
  const listed = async (q: string) =>
    (await wami.call<{ items: { name: string }[] }>(wami.projection, 'GET', `/v1/resources?limit=1000&q=${q}`)).body.items.map(({ name }) => name);
  const names = (): string[] => cloud.snapshot().users.map(({ userName }) => userName);
  const reasonsOf = async (service: ServiceProcess): Promise<string> => Object.values((await service.readiness()).checks).map(({ reason = '' }) => reason).join('; ');
  const ask = async (service: ServiceProcess, token: string): Promise<number> => (await fetch(`${service.url}/internal/v1/subject-keys`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"subjects":[]}',
  })).status;

  it('reaches the cloud and the lists, and stands in no event table', async () => {
    await create('planted-person', WAIT);
    expect(names()).toEqual(['planted-person']);
    await eventually(async () => expect(await listed('planted')).toEqual(['planted-person']));
    await eventually(async () => {
      const { body } = await wami.call<{ items: { type: string; data: { personal: object } }[] }>(wami.projection, 'GET', '/v1/events?limit=1000');
      expect(body.items.filter(({ data }) => JSON.stringify(data.personal).includes('planted')).map(({ type }) => type))
        .toEqual(expect.arrayContaining(['wami.user.created.v1', 'wami.sync.succeeded.v1']));
    });
    for (const table of ['identity.events', 'sync_aws.events', 'projection.events', 'projection.parked', 'sync_aws.engine_parked', 'identity.names', 'identity.subject_keys']) {
      const { rows: [found] } = await pool.query<{ planted: number; sealed: number }>(
        `SELECT count(*) FILTER (WHERE t::text ILIKE '%planted%') AS planted, count(*) FILTER (WHERE t::text LIKE '%"sealed"%') AS sealed FROM ${table} t`);
      expect([table, found?.planted, (found?.sealed ?? 0) > 0]).toEqual([table, 0, table.endsWith('.events')]);
    }
  });

  it('gives its keys to services alone, and at identity alone', async () => {
    expect([await ask(wami.identity, wami.serviceToken), await ask(wami.identity, wami.authorization.slice(7)), await ask(wami.identity, 'nobody')]).toEqual([200, 404, 401]);
    for (const service of [wami.projection, wami.syncAws]) expect(await ask(service, wami.serviceToken)).not.toBe(200);
  });

  it('waits while identity is away, says so, and loses nothing', async () => {
    await wami.projection.kill9();
    await wami.syncAws.kill9();
    const expected = Array.from({ length: MANY }, (_, i) => `waits-${String(i).padStart(2, '0')}`);
    for (const userName of expected) await create(userName);
    await wami.identity.kill9();
    wami.projection.start();
    wami.syncAws.start();
    for (const service of [wami.projection, wami.syncAws]) {
      await eventually(async () => expect(await reasonsOf(service)).toMatch(/the keys of personal data cannot be had: identity at .* does not answer/), { timeoutMs: 60_000, describe: service.name });
    }
    const { rows: [taken] } = await pool.query<{ blank: number; waiting: number }>(
      `SELECT count(*) FILTER (WHERE personal = '{}') AS blank, count(*) AS waiting FROM projection.events WHERE type = 'wami.user.created.v1'`);
    expect(taken).toEqual({ blank: 0, waiting: 1 });
    wami.identity.start();
    await wami.identity.ready(60_000);
    await eventually(async () => {
      expect((await listed('waits')).sort()).toEqual(expected);
      expect(names().filter((name) => name.startsWith('waits')).sort()).toEqual(expected);
    }, { timeoutMs: 90_000 });
    await Promise.all(wami.all.map((service) => service.ready(60_000)));
  });
});
