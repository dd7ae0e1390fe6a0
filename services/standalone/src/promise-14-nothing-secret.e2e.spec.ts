import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool } from '@wami/event-store';
import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { eventually, GrpcClient, removeDirectory, startTestCollector, startTestOidc, startTestPostgres, temporaryDirectory, type TestCollector, type TestOidc, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import { Attempt } from './testing/attempt';
import { searchDatabase } from './testing/search-database';
import { expectOneTrace, newTrace } from './testing/one-trace';
import { PlantedSecrets } from './testing/secrets/planted-secrets';
import { placeSpans, Scene } from './testing/secrets/scene';
import { ACCOUNT, plantedSettings } from './testing/secrets/settings';

jest.setTimeout(300_000);

/** Where the data directory holds a secret on purpose, for its owner alone. */
const OF_THE_OWNER = new Set(['admin.token', 'key.pepper', 'master.key']);

/** A stream that is opened says nothing. */
const STREAM_MS = 1_000;

describe('promise 14: nothing secret in events, state, logs, traces, whatever fails; assurance test 10, one process on PostgreSQL', () => {
  const folder = temporaryDirectory('planted-secrets');
  const dataDir = join(folder, 'data');
  const connections = join(folder, 'connections.yaml');
  const planted = new PlantedSecrets();
  const settings = plantedSettings(planted, folder);
  let postgres: TestPostgres;
  let oidc: TestOidc;
  let collector: TestCollector;
  let sandbox: SandboxAws;
  let pool: Pool;
  let wami: Attempt;
  let url: string;
  let scene: Scene;
  let env: Record<string, string>;

  beforeAll(async () => {
    const claims = { wami_tenant: 'acme', wami_role: 'viewer', note: planted.word('claim of an access token') };
    [postgres, sandbox, collector, oidc] = await Promise.all([
      startTestPostgres(), startSandboxAws({ account: ACCOUNT }), startTestCollector(), startTestOidc({ audience: 'urn:wami', clients: [{ id: 'ann', claims }] }),
    ]);
    planted.keep('password of the database', decodeURIComponent(new URL(postgres.url).password));
    pool = createPool({ connectionString: postgres.url, applicationName: 'searcher', max: 2, onError: () => undefined });
    writeFileSync(connections, settings.connections(sandbox.url));
    env = {
      ...settings.env, WAMI_DATA_DIR: dataDir, WAMI_DATABASE_URL: postgres.url, WAMI_CONNECTIONS: connections,
      WAMI_OIDC_ISSUER: oidc.issuer, WAMI_OIDC_AUDIENCE: 'urn:wami', ...settings.tracing(collector.url),
    };
    wami = new Attempt(env);
    url = await wami.ready();
    scene = new Scene({
      planted, settings, sandbox, commands: url, queries: url, origins: [url], writeConnections: (text) => writeFileSync(connections, text),
    });
    await scene.tenant();
  });
  afterAll(async () => {
    await wami?.end('SIGTERM');
    await pool?.end();
    await Promise.all([postgres?.stop(), sandbox?.close(), oidc?.stop(), collector?.close()]);
    removeDirectory(folder);
  });

  const isRefused = async (name: string, more: Record<string, string>): Promise<string> => {
    const attempt = new Attempt({ ...env, WAMI_DATA_DIR: join(folder, 'refused'), ...more });
    expect(await attempt.end()).toMatchObject({ code: 1 });
    planted.place(`what a refused start says: ${name}`, attempt.out + attempt.err);
    return attempt.err;
  };

  it('requests are refused in every way', async () => {
    await scene.strayRequests();
    expect([...scene.statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404, 413, 415, 422]));
  });

  it('API keys are made, rotated, revoked, and expire', () => scene.everyKey());

  it('access tokens of an issuer are taken, and refused', async () => {
    const token = planted.keep('access token', await oidc.accessToken('ann'));
    const [header = '', claims = '', signature = ''] = token.split('.');
    planted.keep('signature of an access token', signature);
    expect(await scene.send(url, { method: 'GET', path: '/v1/whoami' }, token)).toMatchObject({ status: 200 });
    await scene.everywhere(token);
    for (const bad of [`${header}.${claims}.${planted.word('signature')}`, `${header}.${claims}x.${signature}`, `${header}.${claims}`]) await scene.everywhere(bad);
    await oidc.stop();
    await scene.everywhere(token);
    await oidc.start();
  });

  it('calls of gRPC are refused in every way', async () => {
    const client = new GrpcClient(/gRPC\s+(\S+)/.exec(wami.err)?.[1] ?? '');
    const w = (label: string): string => planted.word(`${label}, gRPC`);
    const stray = () => ({ cookie: w('cookie'), 'x-api-key': w('x-api-key'), token: w('token'), 'x-correlation-id': w('correlation id') });
    const ways: { readonly token?: string; readonly metadata?: Record<string, string> }[] = [
      { token: w('wrong token') }, { metadata: { ...stray(), authorization: `Basic ${Buffer.from(`ann:${w('password')}`).toString('base64')}` } }, { metadata: { authorization: w('no scheme') } },
      { token: settings.administrator, metadata: stray() }, { token: settings.administrator, metadata: { 'idempotency-key': `${w('long key')}${'x'.repeat(300)}`, traceparent: w('traceparent') } },
    ];
    const refusals: string[] = [];
    for (const way of ways) {
      for (const [name, request] of [['Users/CreateUser', { user: { tenant: 'nowhere', userName: '' } }], ['Users/GetUser', { id: 'usr_none' }], ['Events/WatchEvents', { tenant: 'nowhere' }]] as const) {
        const call = name === 'Events/WatchEvents' ? client.watch(`wami.v1.${name}`, request, { ...way, deadlineMs: STREAM_MS }).next() : client.call(`wami.v1.${name}`, request, way);
        refusals.push(await call.then(() => '', String));
      }
    }
    client.close();
    planted.place('refusals of gRPC', refusals.join('\n'));
    expect(refusals.filter((text) => text !== '').length).toBeGreaterThan(10);
  });

  it('one trace goes from a command to the call of the cloud and to what is read', async () => {
    const { id, traceparent } = newTrace();
    await scene.command('POST', '/v1/users', { tenant: 'acme', userName: 'traced' }, { traceparent, prefer: 'wait=20' });
    await expectOneTrace(collector, id, { log: 'postgres', sync: 'sync' });
  });

  it('the cloud makes an access key, and who asked for it reads its secret', () => scene.accessKey());
  it('the cloud is given a first password, and who asked for it reads it', () => scene.loginProfile());
  it('the cloud makes an MFA device, and who asked for it reads its seed', () => scene.mfaDevice());
  it('the cloud refuses, quotes what it was sent, and is away', () => scene.everyFailureOfTheCloud());
  it('the connections file is bad in every way, and good again', () => scene.everyBadConnectionsFile());
  it('the database crashes and comes back while requests run', () => scene.during(postgres.restart()));

  it('the collector of spans refuses them', async () => {
    collector.answers(400);
    await scene.everywhere(settings.administrator);
    await eventually(() => expect(wami.err).toContain('spans were not delivered'), { timeoutMs: 20_000 });
    collector.answers(200);
  });

  it('starts are refused', async () => {
    const wrong = new URL(postgres.url);
    wrong.password = planted.word('wrong password of the database');
    expect(await isRefused('wrong password', { WAMI_DATABASE_URL: wrong.href })).toContain('password authentication failed');
    expect(await isRefused('an address that is none', { WAMI_DATABASE_URL: `postgres://wami:${planted.word('password in no address')}@127.0.0.1:port/x` })).toContain('WAMI_DATABASE_URL');
    expect(await isRefused('every setting', {
      WAMI_DATABASE_URL: `mysql://wami:${planted.word('password of another database')}@db`, WAMI_ADMIN_TOKEN: planted.word('short token').slice(0, 19),
      WAMI_KEY_PEPPER: planted.word('short pepper'), WAMI_MASTER_KEY: planted.word('no master key'), WAMI_MASTER_KEY_PREVIOUS: planted.word('no previous master key'),
      WAMI_KAFKA_BROKERS: `ann:${planted.word('password of a broker')}@kafka`, WAMI_OIDC_ISSUER: `https://ann:${planted.word('password of the issuer')}@issuer`,
      WAMI_OIDC_ALGORITHMS: planted.word('algorithm'), WAMI_LOG_LEVEL: planted.word('log level'), WAMI_HTTP_PORT: planted.word('port'),
      OTEL_EXPORTER_OTLP_ENDPOINT: `ftp://ann:${planted.word('password of a collector')}@collector`, OTEL_TRACES_SAMPLER: planted.word('sampler'),
    })).toContain('WAMI_KEY_PEPPER');
    for (const [name, text] of [['literal secrets', settings.literal], ['no YAML', settings.broken], ['absent secrets', settings.withoutSecrets]] as const) {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, text);
      if (name !== 'literal secrets') await isRefused(name, { WAMI_CONNECTIONS: file });
    }
  });

  it('hits: none, in any place', async () => {
    await scene.readsAll();
    planted.place('command lines', spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout);
    await wami.end('SIGTERM');
    planted.place('stdout', wami.out);
    planted.place('stderr', wami.err);
    placeSpans(planted, collector);
    for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) if (!OF_THE_OWNER.has(name)) planted.place(`file ${name}`, readFileSync(join(dataDir, name), 'utf8'));
    expect(wami.err).toContain('"level":"info"');
    const database = await searchDatabase(pool, planted.all);
    const leaks = [...planted.leaks(), ...database.hits.map(({ place, words }) => ({ place, secrets: planted.named(words) }))];
    console.log(`secrets planted ${planted.all.length}; places ${planted.places.length + database.places.length} (columns ${database.places.length}), hits ${leaks.length}`);
    expect(leaks).toEqual([]);
  });

  it('control: each secret is found in a place that holds it, in a column too', async () => {
    const control = planted.all.join('\n');
    await pool.query('CREATE TABLE planted_here AS SELECT $1::text AS line', [control]);
    const { hits } = await searchDatabase(pool, planted.all);
    planted.place('control', control);
    expect(hits).toEqual([{ place: 'public.planted_here.line', words: planted.all }]);
    expect(planted.leaks()).toContainEqual({ place: 'control', secrets: planted.named(planted.all) });
  });
});
