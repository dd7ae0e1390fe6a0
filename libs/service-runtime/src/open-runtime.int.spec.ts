import { HealthRegistry, Secret, silentLogger } from '@wami/platform';
import { eventually, freePort, startTestPostgres, type TestPostgres } from '@wami/testing';
import { Client } from 'pg';
import { openReader, openWriter, type RuntimeOptions } from './open-runtime';

describe('what a service opens before it works', () => {
  let postgres: TestPostgres;
  beforeAll(async () => { postgres = await startTestPostgres(); });
  afterAll(() => postgres.stop());

  const options = async (more: Partial<RuntimeOptions> = {}): Promise<RuntimeOptions> => ({
    service: 'sync-aws', schema: 'sync_aws', databaseUrl: new Secret(postgres.url), http: { port: await freePort(), host: '127.0.0.1' },
    health: new HealthRegistry(), logger: silentLogger, ...more,
  });

  /** Those of a service: what a failed start leaves open keeps the process. */
  const connectionsTo = async (url: Secret): Promise<number> => {
    const client = new Client({ connectionString: url.reveal() });
    await client.connect();
    const { rows: [row] } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'wami-%'`);
    await client.end();
    return row?.n ?? Number.NaN;
  };

  it('waits for a database that is down: alive, not ready and saying why, and goes on by itself when it is back', async () => {
    await postgres.kill9();
    const waiting = await options();
    const address = `http://127.0.0.1:${waiting.http.port}`;
    const opening = openWriter(waiting);
    await eventually(async () => {
      const response = await fetch(`${address}/health/ready`);
      expect(response.status).toBe(503);
      expect(await response.text()).toMatch(/PostgreSQL at 127\.0\.0\.1:\d+\/\w+ does not answer/);
    });
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    await postgres.restart();
    const runtime = await opening;
    expect(await runtime.store.head()).toBe('0.0');
    await runtime.close();
  });

  it('names host and database of a refusal that no waiting mends, and never the password', async () => {
    const url = new URL(postgres.url);
    url.password = 'hunter2';
    const refused = openWriter(await options({ databaseUrl: new Secret(url.toString()) }));
    await expect(refused).rejects.toThrow(/refuses us.*WAMI_DATABASE_URL/);
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });

  it('opens without Kafka, is not ready and names the broker, and closes all the same', async () => {
    const brokers = [`127.0.0.1:${await freePort()}`];
    const opened = await options({ databaseUrl: new Secret(await postgres.createDatabase()), kafka: { brokers } });
    const runtime = await openWriter(opened);
    expect(opened.health.readiness().ready).toBe(false);
    await eventually(() => expect(opened.health.readiness().checks['relay']?.reason).toContain(brokers[0]));
    expect(await runtime.store.head()).toBe('0.0');
    await runtime.close();
  });

  it('refuses a database that a newer release migrated', async () => {
    const migrations = [{ id: '001-things', up: 'create table things (id int)' }];
    const databaseUrl = new Secret(await postgres.createDatabase());
    const newer = await openReader(await options({ databaseUrl, migrations: [...migrations, { id: '002-more', up: 'create table more (id int)' }] }));
    await newer.close();
    await expect(openReader(await options({ databaseUrl, migrations }))).rejects.toThrow(/newer release \(002-more\): install that release/);
    await eventually(async () => expect(await connectionsTo(databaseUrl)).toBe(0), { describe: 'nothing is left open' });
  });

  it('turns not ready when the database goes away, and ready again when it is back', async () => {
    const running = await options({ databaseUrl: new Secret(postgres.url) });
    const runtime = await openWriter(running);
    try {
      await postgres.kill9();
      await eventually(() => expect(running.health.readiness().checks['database']?.reason).toMatch(/does not answer/));
      await postgres.restart();
      await eventually(() => expect(running.health.readiness()).toMatchObject({ ready: true }), { timeoutMs: 20_000 });
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      await client.end();
    } finally {
      await runtime.close();
    }
  });
});
