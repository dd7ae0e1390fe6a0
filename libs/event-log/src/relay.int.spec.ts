import { LOG_START } from '@wami/contracts';
import { adoptRestoredStore, createPool, inTransaction, openEventStore } from '@wami/event-store';
import { patiently as eventually, startTestKafka, startTestPostgres, type TestKafka, type TestPostgres } from '@wami/testing';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Pool } from 'pg';
import type { Subscription } from './event-log';
import { BrokerWatch, kafkaClient } from './kafka/kafka-client';
import { Publisher } from './relay/publisher';
import { adoptMarks, forgetPublished } from './restored';
import { startRelay } from './relay/relay';
import type { Verdict } from './testing/effects';
import { failingPool } from './testing/failing-pool';
import { ungatedPage } from './testing/ungated-page';
import { World, tenantUpdates } from './testing/world';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let kafka: TestKafka;
let pool: Pool;
let admin: Admin;
let world: World;

beforeAll(async () => {
  [postgres, kafka] = await Promise.all([startTestPostgres(), startTestKafka({ properties: { 'group.min.session.timeout.ms': '2000' } })]);
  pool = createPool({ connectionString: postgres.url, applicationName: 'relay-test', max: 40, onError: () => undefined });
  admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
}, 300_000);

afterAll(async () => {
  await admin.disconnect();
  await pool.end();
  await Promise.all([kafka.stop(), postgres.stop()]);
}, 30_000);

beforeEach(async () => {
  world = new World('kafka', pool, kafka.brokers);
  await world.migrateSubscriber();
});

afterEach(() => world.close(), 30_000);

function subscribe(group: string, sources = world.sources.map(({ source }) => source)): Promise<Subscription> {
  return world.log().subscribe({ group, sources, from: 'beginning', batchSize: 50, checkpoints: { schema: world.subscriber }, onBatch: world.handler(group) });
}

async function settled(group: string): Promise<Verdict> {
  await eventually(async () => expect((await world.verdict(group)).lost).toBe(0));
  const verdict = await world.verdict(group);
  console.info(`relay: ${group}: ${JSON.stringify(verdict)}`);
  return verdict;
}

const clean = { lost: 0, duplicated: 0, inversions: 0 };

it('repeats what it cannot be sure of when it dies after the acknowledgement, and nobody sees it twice', async () => {
  const store = await world.prepare('identity');
  let cursors = 0;
  const faulty = failingPool(pool, (sql) => /UPDATE .*relay/.test(sql) && cursors++ % 3 === 1);
  const relay = world.relay(store, faulty.pool);
  const subscription = await subscribe('crashed');
  await world.write('identity', 400);
  expect(await settled('crashed')).toMatchObject(clean);
  expect(faulty.failures()).toBeGreaterThan(0);
  expect(relay.stats().failures).toBeGreaterThan(0);
  expect(subscription.stats?.().repeats).toBeGreaterThan(0);
});

it('control: a relay that reads without the gate loses events, and the judge sees it', async () => {
  const store = await world.prepare('identity');
  const relay = world.relay({ ...store, readLog: (after, limit) => ungatedPage(pool, store, after, limit) });
  const subscription = await subscribe('control');
  const older = await pool.connect();
  await older.query('BEGIN');
  await store.appendIn(older, [tenantUpdates('older', 0, 1)]);
  await world.write('identity', 40);
  await eventually(() => expect(relay.stats().events).toBeGreaterThan(0));
  await older.query('COMMIT');
  older.release();
  await eventually(async () => expect((await subscription.position())['identity']).toBe(await world.head('identity')));
  const verdict = await world.verdict('control');
  console.info(`control: ${verdict.lost > 0 ? 'caught' : 'missed'}: ${JSON.stringify(verdict)}`);
  expect(verdict.lost).toBeGreaterThan(0);
});

it('hands over between two relays, of which one leads', async () => {
  const store = await world.prepare('identity');
  const relays = [world.relay(store), world.relay(store)];
  const leaderships = async (): Promise<number> =>
    (await pool.query<{ generation: number }>(`SELECT generation FROM ${store.schema}.relay`)).rows[0]?.generation ?? 0;
  await subscribe('handed');
  const writing = world.write('identity', 600);
  for (let round = 0; round < 3; round++) {
    await eventually(() => expect(relays.filter((relay) => relay.stats().leads)).toHaveLength(1));
    await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()`);
    await eventually(async () => expect(await leaderships()).toBeGreaterThan(round + 1));
  }
  await relays[0]?.close();
  await writing;
  expect(await settled('handed')).toMatchObject(clean);
  await eventually(() => expect(relays[1]?.stats().leads).toBe(true));
});

// Several times, because what the members keep must hold whenever the group shares out anew.
it.each([1, 2, 3])('lets consumers know by watermarks that the partitions without events have nothing to come (%i)', async () => {
  const store = await world.start('identity');
  const [first, second] = [await subscribe('marked'), await subscribe('marked')];
  const { events: [event] } = await store.append(tenantUpdates('one', 0, 1)) as { events: readonly { position: string }[] };
  for (const subscription of [first, second]) {
    await eventually(async () => expect(await subscription.position()).toEqual({ identity: event?.position }));
  }
});

it('says what waits and up to where everything is published', async () => {
  const store = await world.prepare('identity');
  await world.write('identity', 40);
  const relay = world.relay(store);
  await eventually(async () => expect(await relay.lag()).toEqual({ events: 0, published: await world.head('identity') }));
});

it('has events of an older epoch refused', async () => {
  const store = await world.start('identity', '10');
  const subscription = await subscribe('epochs');
  await world.write('identity', 20);
  await settled('epochs');
  const past = (await store.readLog(LOG_START, 3)).events.map((event) => ({ ...event, id: `${event.id}-past`, position: `${10n ** 12n}.1` }));
  const watch = new BrokerWatch();
  const publisher = await Publisher.open({
    kafka: kafkaClient({ brokers: kafka.brokers, clientId: 'past' }, watch), topic: world.topicOf('identity'), source: 'identity', epoch: '9', partitions: 4, offsets: [], watch,
  });
  await publisher.events(past);
  await publisher.close();
  await eventually(() => expect(subscription.stats?.().refused).toBe(3));
  expect(subscription.health().reason).toMatch(/an event of epoch 9 refused, epoch 10 was there before/);
  await world.write('identity', 40);
  expect(await settled('epochs')).toMatchObject(clean);
  const relay = world.closing(startRelay({ store: { ...store, epoch: '9' }, pool, brokers: kafka.brokers, clientId: 'old', topicOf: () => `${world.name}.identity` }));
  await world.relays[0]?.close();
  await eventually(() => expect(relay.health().reason).toMatch(/epoch 9\) is older than what was published \(epoch 10/));
});

it('publishes everything again into a topic that was made anew, and nobody sees it twice', async () => {
  const store = await world.start('identity');
  const subscription = await subscribe('anew');
  await world.write('identity', 60);
  await settled('anew');
  await subscription.close();
  await world.relays[0]?.close();
  await admin.deleteTopics({ topics: [world.topicOf('identity')] });
  world.relay(store);
  await subscribe('anew');
  await world.write('identity', 60);
  expect(await settled('anew')).toMatchObject(clean);
  await subscribe('fresh');
  expect(await settled('fresh')).toMatchObject(clean);
});

it('stops rather than break the order when somebody changes the number of partitions', async () => {
  const store = await world.start('identity');
  await eventually(async () => expect(await admin.listTopics()).toContain(world.topicOf('identity')));
  await eventually(() => expect(world.relays[0]?.stats().leads).toBe(true));
  await world.relays[0]?.close();
  await admin.createPartitions({ topicPartitions: [{ topic: world.topicOf('identity'), count: 6 }] });
  const relay = world.relay(store);
  await eventually(() => expect(relay.health().reason).toMatch(/had 4 partitions and has 6 now/));
});

it('goes by the positions of the group where Kafka is further: after a restored database, or for a source that joins', async () => {
  await world.start('sync-aws');
  await world.start('sync-gcp');
  const one = await subscribe('joined', ['sync-aws']);
  await world.write('sync-aws', 40);
  await world.write('sync-gcp', 40);
  await eventually(async () => expect((await one.position())['sync-aws']).toBe(await world.head('sync-aws')));
  await one.close();
  const both = await subscribe('joined');
  expect(await settled('joined')).toMatchObject(clean);
  await both.close();
  await pool.query(`TRUNCATE ${world.subscriber}.effects, ${world.subscriber}.checkpoints`);
  await subscribe('joined');
  expect(await settled('joined')).toMatchObject(clean);
});

it('finds again what a database that was restored while it ran has forgotten', async () => {
  await world.start('identity');
  await subscribe('restored');
  await world.write('identity', 40);
  await settled('restored');
  await pool.query(`TRUNCATE ${world.subscriber}.effects`);
  await pool.query(`UPDATE ${world.subscriber}.checkpoints SET tx = '0', position = 0, next_offset = 0, epoch = ''`);
  await world.write('identity', 80);
  expect(await settled('restored')).toMatchObject(clean);
  await pool.query(`TRUNCATE ${world.subscriber}.effects, ${world.subscriber}.checkpoints`);
  await world.write('identity', 80);
  expect(await settled('restored')).toMatchObject(clean);
});

it('a store that was restored to an earlier state goes on, and what the brokers hold of the lost time reaches nobody', async () => {
  const store = await world.prepare('identity', '1');
  const relay = world.relay(store);
  const before = await subscribe('earlier');
  await world.write('identity', 40);
  await settled('earlier');
  await before.close();
  const { rows: [{ tx, position } = { tx: '0', position: '0' }] } = await pool.query<{ tx: string; position: string }>(
    `SELECT tx::text, position::text FROM ${store.schema}.events ORDER BY events.tx DESC, events.position DESC LIMIT 1`);
  await world.write('identity', 30);
  await eventually(async () => expect((await relay.lag()).events).toBe(0));
  await relay.close();
  await store.close();

  await inTransaction(pool, async (client) => {
    const lost = await client.query(`DELETE FROM ${store.schema}.events WHERE (tx, position) > ($1::xid8, $2::bigint)`, [tx, position]);
    expect(lost.rowCount).toBeGreaterThanOrEqual(30);
    await client.query(`DELETE FROM ${store.schema}.heads h WHERE NOT EXISTS (SELECT FROM ${store.schema}.events e WHERE e.stream_id = h.stream_id)`);
    await client.query(`UPDATE ${store.schema}.heads h SET (version, tx) = (SELECT e.version, e.tx FROM ${store.schema}.events e WHERE e.stream_id = h.stream_id ORDER BY e.version DESC LIMIT 1)`);
    const adopted = await adoptRestoredStore(client, store.schema);
    await adoptMarks(client, world.subscriber, new Map([['identity', adopted]]));
    await forgetPublished(client, store.schema);
  });
  const again = await openEventStore({ pool, schema: store.schema, source: 'identity' });
  world.stores.set('identity', again);
  world.relay(again);
  const after = await subscribe('earlier');
  await world.write('identity', 30);
  const { effects, events, ...verdict } = await settled('earlier');
  expect([verdict, effects]).toEqual([clean, events]);
  await eventually(() => expect(after.stats?.().refused).toBeGreaterThanOrEqual(30));
});

it('names the broker that is away, closes in time meanwhile, and goes on when it is back', async () => {
  const store = await world.start('identity');
  const early = new World('kafka', pool, kafka.brokers);
  await early.migrateSubscriber();
  early.declare('identity');
  const waiting = await world.closing(early.log()).subscribe({ group: 'early', sources: ['identity'], from: 'beginning', checkpoints: { schema: early.subscriber }, onBatch: early.handler('early') });
  const subscription = await subscribe('away');
  await world.write('identity', 20);
  await settled('away');
  const [closing, other] = [world.relay(store), world.relay(store)];
  await kafka.kill();
  const written = world.write('identity', 20);
  await eventually(() => expect(world.relays[0]?.health().reason).toContain(kafka.brokers[0]));
  await eventually(() => expect(subscription.health().reason).toContain(kafka.brokers[0]));
  await eventually(() => expect(waiting.health()).toMatchObject({ ok: false }));
  // Each has tried to lead, and only one of them will when the broker is back.
  await eventually(() => expect(other.health().reason).toContain(kafka.brokers[0]), { timeoutMs: 90_000 });
  const before = Date.now();
  await Promise.all([closing.close(), subscription.close()]);
  console.info(`closed with the broker away in ${Date.now() - before} ms`);
  await kafka.restart();
  await subscribe('away');
  await written;
  expect(await settled('away')).toMatchObject(clean);
  await eventually(() => expect([world.relays[0], other].map((relay) => relay?.health())).toEqual([{ ok: true }, { ok: true }]));
  await eventually(() => expect(waiting.health()).toEqual({ ok: true, reason: expect.stringMatching(/^waiting for topic/) as string }));
}, 180_000);
