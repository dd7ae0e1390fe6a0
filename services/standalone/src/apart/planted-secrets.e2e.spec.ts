import { writeFileSync } from 'node:fs';
import { createPool } from '@wami/event-store';
import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { everyRecord, removeDirectory, servicesApart, startTestCollector, temporaryDirectory, type ServicesApart, type TestCollector } from '@wami/testing';
import type { Pool } from 'pg';
import { Attempt } from '../testing/attempt';
import { searchDatabase } from '../testing/search-database';
import { PlantedSecrets } from '../testing/secrets/planted-secrets';
import { placeSpans, Scene } from '../testing/secrets/scene';
import { ACCOUNT, plantedSettings } from '../testing/secrets/settings';

jest.setTimeout(300_000);

describe('promise 14: nothing secret in events, state, logs, traces, whatever fails; assurance test 10, every service a process of its own, with Kafka', () => {
  const folder = temporaryDirectory('planted-secrets-apart');
  const planted = new PlantedSecrets();
  const settings = plantedSettings(planted, folder);
  /** Whole, since a secret may come in two parts. */
  const said = new Map<string, string>();
  let sandbox: SandboxAws;
  let apart: ServicesApart;
  let collector: TestCollector;
  let pool: Pool;
  let scene: Scene;

  beforeAll(async () => {
    [sandbox, collector] = await Promise.all([startSandboxAws({ account: ACCOUNT }), startTestCollector()]);
    apart = await servicesApart({
      log: 'kafka', connections: settings.connections(sandbox.url), env: { ...settings.env, ...settings.tracing(collector.url) }, onOutput: (service, text) => said.set(service, (said.get(service) ?? '') + text),
    });
    planted.keep('password of the database', decodeURIComponent(new URL(apart.postgres.url).password));
    pool = createPool({ connectionString: apart.postgres.url, applicationName: 'searcher', max: 2, onError: () => undefined });
    for (const service of apart.all) service.start();
    await Promise.all(apart.all.map((service) => service.ready(120_000)));
    scene = new Scene({
      planted, settings, sandbox, commands: apart.identity.url, queries: apart.projection.url, origins: apart.all.map(({ url }) => url),
      writeConnections: (text) => writeFileSync(apart.connections, text),
    });
    await scene.tenant();
  });
  afterAll(async () => {
    await pool?.end();
    await apart?.stop();
    await Promise.all([sandbox?.close(), collector?.close()]);
    removeDirectory(folder);
  });

  it('requests are refused in every way, by every service', () => scene.strayRequests());
  it('API keys are made, rotated, revoked, and expire', () => scene.everyKey());

  it('what the services show each other is shown to each of them, in the right place and in wrong ones', async () => {
    await scene.everywhere(apart.serviceToken);
    for (const token of [apart.serviceToken, settings.administrator, planted.word('token of no service')]) {
      for (const { url } of apart.all) {
        for (const body of ['{"subjects":[]}', `{"subjects":["${planted.word('no subject')}"]`, `{"token":"${planted.word('unknown field')}"}`]) {
          await scene.send(url, { method: 'POST', path: '/internal/v1/subject-keys', headers: { 'content-type': 'application/json' }, body }, token);
        }
      }
    }
  });

  it('the cloud refuses, quotes what it was sent, and is away', () => scene.everyFailureOfTheCloud());
  it('the connections file is bad in every way, and good again', () => scene.everyBadConnectionsFile());
  it('the database crashes and comes back while requests run', () => scene.during(apart.postgres.restart()));
  it('Kafka is killed and comes back while requests run', () => scene.during(apart.kafka?.restart() ?? Promise.reject(new Error('there is no Kafka'))));

  it('starts are refused, of every service', async () => {
    const wrong = new URL(apart.postgres.url);
    wrong.password = planted.word('wrong password of the database');
    const more = { WAMI_IDENTITY_URL: apart.identity.url, WAMI_CONNECTIONS: apart.connections, WAMI_WRITERS: `identity=${apart.identity.url},sync-aws=${apart.syncAws.url}` };
    const bad = {
      WAMI_DATABASE_URL: `mysql://wami:${planted.word('password of another database')}@db`, WAMI_SERVICE_TOKEN: planted.word('short service token'),
      WAMI_IDENTITY_URL: `http://ann:${planted.word('password of identity')}@identity/x`, WAMI_WRITERS: `identity=${planted.word('no address')}`,
    };
    // Settings are read by all of them alike: the one that has the most is told the bad ones.
    const starts: readonly (readonly [string, Record<string, string>])[] = [...apart.all.map(({ name }) => [name, { WAMI_DATABASE_URL: wrong.href }] as const), ['projection', bad]];
    for (const [name, env] of starts) {
      const attempt = new Attempt({ ...settings.env, ...more, ...env }, name);
      expect(await attempt.end()).toMatchObject({ code: 1 });
      planted.place(`what a refused start of ${name} says`, attempt.out + attempt.err);
    }
  });

  it('hits: none, in any place', async () => {
    await scene.readsAll();
    for (const [service, text] of said) planted.place(`what ${service} says`, text);
    placeSpans(planted, collector);
    const records = await everyRecord(apart.kafka?.brokers ?? []);
    for (const { topic, key, value, headers } of records) {
      planted.place(`${topic}: keys`, `${key}\n`);
      planted.place(`${topic}: values`, `${value}\n`);
      planted.place(`${topic}: headers`, `${JSON.stringify(headers)}\n`);
    }
    expect(records.length).toBeGreaterThan(10);
    const database = await searchDatabase(pool, planted.all);
    const leaks = [...planted.leaks(), ...database.hits.map(({ place, words }) => ({ place, secrets: planted.named(words) }))];
    console.log(`secrets planted ${planted.all.length}; places ${planted.places.length + database.places.length} (columns ${database.places.length}; records of Kafka ${records.length}), hits ${leaks.length}`);
    expect(leaks).toEqual([]);
  });
});
