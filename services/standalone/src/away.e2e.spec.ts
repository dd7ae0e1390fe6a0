import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, LOOPBACK_CERTIFICATE, removeDirectory, startTestKafka, startTestPostgres, temporaryDirectory, type TestKafka, type TestPostgres } from '@wami/testing';
import { Attempt } from './testing/attempt';

jest.setTimeout(180_000);

const TOKEN = 'the-administrator-of-this-test';
const PEPPER = 'the-pepper-of-this-test-32-characters';
const PASSWORD = 'the-password-of-the-brokers';

interface Health { readonly status: string; readonly checks: Readonly<Record<string, { ok: boolean; reason?: string }>> }

/** A service that cannot work yet, or not now: alive, not ready, and saying why; it comes back by itself. */
describe('when the other side is away', () => {
  const folder = temporaryDirectory('away');
  let postgres: TestPostgres;
  let url: string;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    url = `http://127.0.0.1:${await freePort()}`;
  });
  afterAll(async () => {
    await postgres?.stop();
    removeDirectory(folder);
  });

  const health = async (): Promise<{ status: number; reasons: string }> => {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const { checks } = await response.json() as Health;
    return { status: response.status, reasons: Object.entries(checks).flatMap(([name, { ok, reason }]) => (ok ? [] : `${name}: ${reason}`)).join('; ') };
  };
  const notReady = (why: RegExp): Promise<void> => eventually(async () => expect(await health()).toEqual({ status: 503, reasons: expect.stringMatching(why) as string }), { timeoutMs: 60_000, describe: 'it is not ready' });
  const isReady = (): Promise<void> => eventually(async () => expect(await health()).toEqual({ status: 200, reasons: '' }), { timeoutMs: 60_000, describe: 'it is ready' });
  const createTenant = async (id: string): Promise<number> => (await fetch(`${url}/v1/tenants`, {
    method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ id, name: id }), signal: AbortSignal.timeout(30_000),
  })).status;
  const env = (): NodeJS.ProcessEnv => ({ WAMI_DATA_DIR: join(folder, 'data'), WAMI_SANDBOXES: 'aws', WAMI_DATABASE_URL: postgres.url, WAMI_ADMIN_TOKEN: TOKEN, WAMI_KEY_PEPPER: PEPPER, WAMI_HTTP_PORT: new URL(url).port, WAMI_GRPC_PORT: '0' });

  it('PostgreSQL at the start, and again while it runs', async () => {
    await postgres.kill9();
    const address = postgres.url.replace(/^.*@/, '');
    const wami = new Attempt(env());
    try {
      await notReady(new RegExp(`start: PostgreSQL at ${address} does not answer \\(.+\\)\\. Start it, or check WAMI_DATABASE_URL\\.`));
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/v1/whoami`)).status).toBe(503);
      await postgres.restart();
      await wami.ready();
      expect(await createTenant('before')).toBe(201);
      await postgres.kill9();
      await notReady(new RegExp(`database: PostgreSQL at ${address} does not answer`));
      expect(await createTenant('meanwhile')).toBe(503);
      await postgres.restart();
      await isReady();
      expect(await createTenant('after')).toBe(201);
      expect(await wami.end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(wami.err).not.toMatch(new RegExp(`${new URL(postgres.url).password}|"stack"|\\n {4}at `));
    } finally {
      await wami.end('SIGKILL');
    }
  });

  describe('Kafka', () => {
    let kafka: TestKafka;
    beforeAll(async () => {
      kafka = await startTestKafka({ credentials: { username: 'wami', password: PASSWORD } });
      writeFileSync(authority, LOOPBACK_CERTIFICATE);
      await kafka.kill();
    });
    afterAll(() => kafka?.stop());

    const authority = join(folder, 'kafka-ca.pem');
    /** Over TLS, with a name and a password. */
    const startIdentity = async (password: string): Promise<Attempt> => new Attempt({
      ...env(), WAMI_SERVICE_TOKEN: 'what-the-services-of-this-test-share', WAMI_MASTER_KEY: Buffer.alloc(32, 'master').toString('base64'), WAMI_DATABASE_URL: await postgres.createDatabase(),
      WAMI_KAFKA_BROKERS: kafka.secured.join(), WAMI_KAFKA_TLS: 'true', WAMI_KAFKA_CA_FILE: authority, WAMI_KAFKA_SASL: 'plain', WAMI_KAFKA_USERNAME: 'wami', WAMI_KAFKA_PASSWORD: password,
    }, 'identity');

    it('at the start of a service apart: commands are taken all the same', async () => {
      const identity = await startIdentity(PASSWORD);
      try {
        await notReady(new RegExp(`Kafka.*${kafka.secured[0]}`));
        expect(await createTenant('acme')).toBe(201);
        await kafka.restart();
        await isReady();
        expect(await identity.end('SIGTERM')).toEqual({ code: 0, signal: null });
      } finally {
        await identity.end('SIGKILL');
      }
    });

    it('that does not know us: commands are taken all the same, and it is said without the password', async () => {
      const identity = await startIdentity('not-the-password');
      try {
        await notReady(/Kafka.*[Aa]uthentication failed/);
        expect(await createTenant('acme')).toBe(201);
        expect((await fetch(`${url}/health/ready`).then((response) => response.text())) + identity.err).not.toContain('not-the-password');
      } finally {
        await identity.end('SIGKILL');
      }
    });
  });
});
