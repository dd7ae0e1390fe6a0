import { LOG_START, type RecordedEvent } from '@wami/contracts';
import { createPool } from '@wami/event-store';
import { patiently as eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import { StalePosition } from '../event-log';
import { DatabaseMarks } from '../marks/database-marks';
import { freshMark, NO_PARTITION } from '../marks/mark';
import { World, tenantUpdates } from '../testing/world';
import { readPages } from './log-page';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let pool: Pool;
let world: World;

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({ connectionString: postgres.url, applicationName: 'postgres-log-test', max: 20, onError: () => undefined });
}, 60_000);

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

beforeEach(async () => {
  world = new World('postgres', pool, []);
  await world.migrateSubscriber();
});

afterEach(() => world.close());

const subscribe = (group: string, onBatch = world.handler(group)) =>
  world.log().subscribe({ group, sources: ['identity'], from: 'beginning', checkpoints: { schema: world.subscriber }, onBatch });

it('withholds an event while an older transaction is open, and gives both in the order of their transactions', async () => {
  const store = await world.start('identity');
  const read = async (): Promise<string[]> => {
    const [page = []] = await readPages(pool, [{ source: 'identity', schema: store.schema, after: LOG_START }], 10);
    return page.map((event) => event.stream);
  };
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_current_xact_id()');
  await store.append(tenantUpdates('younger', 0, 1));
  expect(await read()).toEqual([]);
  await store.appendIn(client, [tenantUpdates('older', 0, 1)]);
  await client.query('COMMIT');
  client.release();
  expect(await read()).toEqual(['older', 'younger']);
});

it('gives the same events as the store', async () => {
  const store = await world.start('identity');
  await world.write('identity', 20);
  const [page] = await readPages(pool, [{ source: 'identity', schema: store.schema, after: LOG_START }], 1000);
  expect(page).toEqual((await store.readLog(LOG_START, 1000)).events);
});

it('refuses a store of an older epoch, and reads one of a newer from its start', async () => {
  const store = await world.start('identity', '10');
  const first = await subscribe('epochs');
  await store.append(tenantUpdates('one', 0, 1));
  await eventually(async () => expect((await world.verdict('epochs')).effects).toBe(1));
  await first.close();
  await pool.query(`UPDATE ${store.schema}.store_info SET epoch = '9'`);
  const got: RecordedEvent[] = [];
  const second = await subscribe('epochs', async (batch) => void got.push(...batch.events));
  await eventually(() => expect(second.health().reason).toMatch(/identity refused: its store \(epoch 9\) is older .* \(epoch 10\)/));
  expect(got).toEqual([]);
  await second.close();
  await pool.query(`UPDATE ${store.schema}.store_info SET epoch = '11'`);
  await subscribe('epochs', async (batch) => void got.push(...batch.events));
  await eventually(() => expect(got.map((event) => event.stream)).toEqual(['one']));
});

it('lets one consumer of a group work and another take over when it is gone', async () => {
  await world.start('identity');
  const first = await subscribe('group');
  await world.write('identity', 20);
  await eventually(async () => expect(await world.verdict('group')).toMatchObject({ lost: 0 }));
  const taken: string[] = [];
  const write = world.handler('group');
  await subscribe('group', (batch) => (taken.push(...batch.events.map((event) => event.id)), write(batch)));
  await world.write('identity', 20);
  await eventually(async () => expect(await world.verdict('group')).toMatchObject({ lost: 0 }));
  expect(taken).toEqual([]);
  await first.close();
  await world.write('identity', 20);
  await eventually(async () => expect(await world.verdict('group')).toMatchObject({ lost: 0, duplicated: 0, inversions: 0 }));
  expect(taken.length).toBeGreaterThan(0);
});

it('saves a position only from the place where the consumer found it', async () => {
  const marks = new DatabaseMarks(pool, world.subscriber, 'fenced');
  const slot = { source: 'identity', partition: 3 };
  await marks.prepare([slot]);
  const from = freshMark(slot);
  await marks.save([{ from, to: { ...from, epoch: '5', position: '9.1', nextOffset: '7' } }]);
  await expect(marks.save([{ from, to: { ...from, epoch: '5', position: '8.1' } }])).rejects.toThrow(StalePosition);
  expect(await marks.load([slot])).toEqual([{ ...from, epoch: '5', position: '9.1', nextOffset: '7' }]);
});

it('takes a group along from PostgreSQL to Kafka, and back to its slowest partition', async () => {
  const marks = new DatabaseMarks(pool, world.subscriber, 'moved');
  const one = { source: 'identity', partition: NO_PARTITION };
  await marks.prepare([one]);
  await marks.save([{ from: freshMark(one), to: { ...freshMark(one), epoch: '5', position: '9.1' } }]);
  const slots = [0, 1].map((partition) => ({ source: 'identity', partition }));
  await marks.prepare(slots);
  const there = await marks.load(slots);
  expect(there.map(({ position }) => position)).toEqual(['9.1', '9.1']);
  await marks.save(there.map((from) => ({ from, to: { ...from, position: `1${from.partition}.1` } })));
  await marks.prepare([one]);
  expect(await marks.load([one])).toEqual([{ ...freshMark(one), epoch: '5', position: '10.1' }]);
});

it('waits for no event at the end of the log longer than a poll, without any notification', async () => {
  const store = await world.start('identity');
  await subscribe('polled');
  await pool.query(`INSERT INTO ${store.schema}.events (tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at)
    VALUES ('/acme', 's', 1, 'evt_1', 'wami.tenant.updated.v1', 1, 's', 'arn', '{}', '{}', '{"actor":"a","correlationId":"c"}', now())`);
  await eventually(async () => expect(await world.verdict('polled')).toMatchObject({ lost: 0, events: 1 }));
});
