import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LOG_START, comparePositions, UNREADABLE, type RecordedEvent } from '@wami/contracts';
import { createPool } from '@wami/event-store';
import { patiently as eventually, startTestKafka, startTestPostgres, type TestKafka, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import type { SubscribeOptions } from './event-log';
import { BrokerWatch, kafkaClient } from './kafka/kafka-client';
import type { Crash, Verdict } from './testing/effects';
import { World, tenantUpdates, type Transport } from './testing/world';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let kafka: TestKafka;
let pool: Pool;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [postgres, kafka] = await Promise.all([startTestPostgres(), startTestKafka({ properties: { 'group.min.session.timeout.ms': '2000' } })]);
  pool = createPool({ connectionString: postgres.url, applicationName: 'event-log-test', max: 40, onError: () => undefined });
}, 300_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await pool.end();
  await Promise.all([kafka.stop(), postgres.stop()]);
}, 30_000);

describe.each<Transport>(['postgres', 'kafka'])('the log over %s', (transport) => {
  let world: World;

  beforeEach(async () => {
    world = new World(transport, pool, kafka.brokers);
    await world.migrateSubscriber();
  });

  afterEach(() => world.close(), 30_000);

  const options = (group: string, more: Partial<SubscribeOptions> = {}): SubscribeOptions => ({
    group, sources: world.sources.map(({ source }) => source), from: 'beginning', checkpoints: { schema: world.subscriber }, onBatch: world.handler(group), ...more,
  });

  /** Waits until every event had its effect, and judges. */
  async function settled(group: string, timeoutMs = 30_000): Promise<Verdict> {
    await eventually(async () => expect((await world.verdict(group)).lost).toBe(0), { timeoutMs });
    const verdict = await world.verdict(group);
    console.info(`${transport}: ${group}: ${JSON.stringify(verdict)}`);
    expect(verdict.effects).toBe(verdict.events);
    return verdict;
  }

  const clean = { lost: 0, duplicated: 0, inversions: 0 };

  it('gives each event once, in batches and in order within its key, while writers commit, wait and roll back', async () => {
    await world.start('identity');
    const sizes: number[] = [];
    const write = world.handler('batches');
    const subscription = await world.log().subscribe(options('batches', {
      batchSize: 100, onBatch: (batch) => (sizes.push(batch.events.length), write(batch)),
    }));
    await world.write('identity', 600, 16);
    expect(await settled('batches')).toMatchObject(clean);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    const head = await world.head('identity');
    await eventually(async () => expect((await subscription.position()).identity).toBe(head));
    expect(subscription.health()).toEqual({ ok: true });
  });

  it('has each effect once although the handler dies before, within and after its transaction', async () => {
    await world.start('identity');
    // Never twice in a row for long: the pauses grow.
    const places: (Crash | undefined)[] = ['before position', undefined, 'before commit', undefined, 'after commit', undefined];
    const fired = new Set<Crash | undefined>();
    let calls = 0;
    const crash = (): Crash | undefined => {
      const place = places[calls++ % places.length];
      fired.add(place);
      return place;
    };
    await world.log().subscribe(options('crashes', { batchSize: 20, onBatch: world.handler('crashes', crash) }));
    await world.write('identity', 200);
    expect(await settled('crashes', 40_000)).toMatchObject(clean);
    expect([...fired]).toEqual(expect.arrayContaining(['before position', 'before commit', 'after commit']));
  });

  it('shares the work of a group among consumers that come and go', async () => {
    await world.start('identity');
    await world.start('sync-aws');
    await world.start('sync-gcp');
    const first = await world.log().subscribe(options('shared', { batchSize: 10 }));
    const writing = Promise.all(world.sources.map(({ source }) => world.write(source, 200, 4)));
    const second = await world.log().subscribe(options('shared', { batchSize: 10 }));
    await eventually(async () => expect((await world.verdict('shared')).effects).toBeGreaterThan(100));
    await first.close();
    await writing;
    expect(await settled('shared')).toMatchObject(clean);
    await second.close();
  });

  it('from now: gives what is committed later, also by a transaction that began before, and nothing older', async () => {
    const store = await world.start('identity');
    await store.append(tenantUpdates('old', 0, 3));
    if (transport === 'kafka') {
      await world.log().subscribe(options('before'));
      await settled('before');
    }
    const got: RecordedEvent[] = [];
    const early = await pool.connect();
    await early.query('BEGIN');
    await store.appendIn(early, [tenantUpdates('open', 0, 1)]);
    await store.append(tenantUpdates('between', 0, 1));
    if (transport === 'kafka') {
      await early.query('COMMIT');
      await settled('before');
    }
    const subscription = await world.log().subscribe(options('now', {
      from: 'now', onBatch: async (batch) => void got.push(...batch.events),
    }));
    if (transport === 'postgres') await early.query('COMMIT');
    early.release();
    await store.append(tenantUpdates('late', 0, 2));
    const expected = transport === 'postgres' ? ['late', 'late', 'open'] : ['late', 'late'];
    await eventually(() => expect(got.map((event) => event.stream).sort()).toEqual(expected));
    const last = got.filter((event) => event.stream === 'late').at(-1)?.position ?? '';
    await eventually(async () => expect(comparePositions((await subscription.position()).identity ?? LOG_START, last)).toBeGreaterThanOrEqual(0));
    expect(got.find((event) => event.stream === 'late')).toEqual((await store.readStream('late'))[0]);
  });

  it('goes on where a closed subscription was', async () => {
    await world.start('identity');
    const first = await world.log().subscribe(options('resumed'));
    await world.write('identity', 60);
    await settled('resumed');
    await first.close();
    await world.write('identity', 60);
    await world.log().subscribe(options('resumed'));
    expect(await settled('resumed')).toMatchObject(clean);
  });

  it('repeats a batch that its handler refuses, says so, and recovers with it', async () => {
    await world.start('identity');
    let broken = true;
    const write = world.handler('refused');
    const subscription = await world.log().subscribe(options('refused', {
      onBatch: (batch) => (broken ? Promise.reject(new Error('the read model is locked')) : write(batch)),
    }));
    await world.write('identity', 20);
    await eventually(() => expect(subscription.health()).toEqual({ ok: false, reason: 'the read model is locked' }));
    broken = false;
    expect(await settled('refused')).toMatchObject(clean);
    await eventually(() => expect(subscription.health()).toEqual({ ok: true }));
  });

  it('waits for a source whose service has not started yet, and says so', async () => {
    world.declare('identity');
    const subscription = await world.log().subscribe(options('early'));
    await eventually(() => expect(subscription.health()).toEqual({ ok: true, reason: expect.stringMatching(/^waiting for topic|^identity never ran on this database/) as string }));
    await world.start('identity');
    await world.write('identity', 20);
    expect(await settled('early')).toMatchObject(clean);
    await eventually(() => expect(subscription.health()).toEqual({ ok: true }));
  });

  it('has each effect once although the consumer is killed again and again', async () => {
    await world.start('identity');
    const writing = world.write('identity', 300, 4);
    // Once on Kafka, which keeps a dead consumer's share for its session.
    for (let kill = 1; kill <= (transport === 'kafka' ? 1 : 4); kill++) {
      const child = consumerProcess(world, 'killed');
      await eventually(async () => expect((await world.verdict('killed')).effects).toBeGreaterThan(kill * 40), { timeoutMs: 30_000 });
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await writing;
    await world.log().subscribe(options('killed'));
    expect(await settled('killed', 30_000)).toMatchObject(clean);
  });

  it('loses and doubles nothing while the server is killed and comes back', async () => {
    await world.start('identity');
    const subscription = await world.log().subscribe(options('restart', { batchSize: 10 }));
    const writing = world.write('identity', 300, 4);
    await eventually(async () => expect((await world.verdict('restart')).effects).toBeGreaterThan(20));
    if (transport === 'kafka') {
      await kafka.kill();
      await eventually(() => expect(subscription.health().reason).toContain(kafka.brokers[0]));
      await kafka.restart();
    } else await postgres.restart();
    await writing;
    expect(await settled('restart', 40_000)).toMatchObject(clean);
    await eventually(() => expect(subscription.health()).toEqual({ ok: true }));
  });
});

it('the log over Kafka goes on behind a record that nobody can read, which comes as such', async () => {
  const world = new World('kafka', pool, kafka.brokers, 1);
  await world.migrateSubscriber();
  try {
    await world.start('identity');
    const seen: RecordedEvent[] = [];
    const subscription = await world.log().subscribe({
      group: 'unreadable', sources: ['identity'], from: 'beginning', checkpoints: { schema: world.subscriber }, onBatch: ({ events }) => Promise.resolve(void seen.push(...events)),
    });
    await world.write('identity', 5, 1);
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(5));
    const before = seen.length;
    const producer = kafkaClient({ brokers: kafka.brokers, clientId: 'spoiler' }, new BrokerWatch()).producer();
    await producer.connect();
    await producer.send({ topic: world.topicOf('identity'), messages: [{ key: 'usr_1', value: 'ann{', headers: { wami_epoch: '5', wami_position: 'nowhere', ce_type: 'wami.user.updated.v1' } }] });
    await producer.disconnect();
    await world.write('identity', 5, 1);
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(before + 6));
    expect(seen.filter(({ type }) => type === UNREADABLE)).toEqual([expect.objectContaining({ key: 'usr_1', source: 'identity', unreadable: expect.stringContaining('(wami.user.updated.v1)') as string })]);
    expect(subscription.health()).toEqual({ ok: true });
  } finally {
    await world.close();
  }
});

function consumerProcess(world: World, group: string): ChildProcess {
  const root = join(__dirname, '../../..');
  const told = {
    url: postgres.url, brokers: world.transport === 'kafka' ? world.brokers : [], sources: world.sources, schema: world.subscriber, group,
    topics: Object.fromEntries(world.sources.map(({ source }) => [source, world.topicOf(source)])),
  };
  const child = spawn(process.execPath, ['-C', '@wami/source', '-r', join(root, 'tools/swc-hook.cjs'), join(__dirname, 'testing/consumer-process.ts'), JSON.stringify(told)],
    { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  return child;
}
