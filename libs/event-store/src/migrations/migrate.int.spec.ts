import { worldForAll } from '@wami/testing';
import { create } from '../spec-support/appends';
import { TestStores } from '../spec-support/test-store';
import { migrateEventStore } from './event-store.migrations';
import { migrate, type Migration } from './migrate';

jest.setTimeout(60_000);

let stores: TestStores;
worldForAll(TestStores.on, (opened) => {
  stores = opened;
});

const FIRST: Migration = { id: '001-first', up: 'CREATE TABLE things (id text); INSERT INTO things VALUES (1)' };
const SECOND: Migration = { id: '002-second', up: `INSERT INTO things VALUES ('2')` };

it('runs what is missing, once, also when replicas start together', async () => {
  const pool = stores.pool();
  const options = { pool, schema: 'many', tool: 'spec' };
  const done = await Promise.all(Array.from({ length: 6 }, () => migrate({ ...options, migrations: [FIRST] })));
  expect(done.flat()).toEqual(['001-first']);
  expect(await migrate({ connectionString: stores.url, schema: 'many', tool: 'spec', migrations: [FIRST, SECOND] })).toEqual(['002-second']);
  expect((await pool.query('SELECT id FROM many.things ORDER BY id')).rows).toEqual([{ id: '1' }, { id: '2' }]);
});

it('keeps the migrations of several tools in one schema apart', async () => {
  const pool = stores.pool();
  await migrateEventStore(pool, { schema: 'shared' });
  expect(await migrate({ pool, schema: 'shared', tool: 'service', migrations: [FIRST] })).toEqual(['001-first']);
  await migrateEventStore(pool, { schema: 'shared' });
});

it('leaves nothing of migrations of which one fails', async () => {
  const pool = stores.pool();
  const broken = { id: '002-broken', up: 'SELECT 1 / 0' };
  await expect(migrate({ pool, schema: 'broken', tool: 'spec', migrations: [FIRST, broken] })).rejects.toThrow('division by zero');
  expect((await pool.query(`SELECT to_regclass('broken.things') AS things`)).rows).toEqual([{ things: null }]);
  expect(await migrate({ pool, schema: 'broken', tool: 'spec', migrations: [FIRST] })).toEqual(['001-first']);
});

it('refuses a database of a newer release, in one line with the remedy', async () => {
  const pool = stores.pool();
  await migrate({ pool, schema: 'newer', tool: 'spec', migrations: [FIRST, SECOND] });
  const older = migrate({ pool, schema: 'newer', tool: 'spec', migrations: [FIRST] });
  await expect(older).rejects.toMatchObject({
    code: 'DatabaseTooNew',
    message: 'schema newer was migrated by a newer release (002-second): install that release or restore the backup taken before',
  });
});

it('takes no schema name that is more than a name', async () => {
  await expect(migrateEventStore(stores.pool(), { schema: 'a"; DROP SCHEMA many; --' })).rejects.toThrow('only a-z');
});

it('a pool answers bigint as a number, and refuses one that is none', async () => {
  const pool = stores.pool();
  expect((await pool.query('SELECT 42::bigint AS n')).rows).toEqual([{ n: 42 }]);
  await expect(pool.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow('select it as text');
});

it('a store that was never migrated says so', async () => {
  await expect(stores.open('nowhere')).rejects.toThrow('schema nowhere holds no event store: migrate it first');
});

it('the published view shows events to a role that may not see the tables', async () => {
  const { store, pool, schema } = await stores.fresh();
  await store.append(create('usr_1'));
  await pool.query(`CREATE ROLE reader; GRANT USAGE ON SCHEMA ${schema} TO reader; GRANT SELECT ON ${schema}.published_events TO reader`);
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SET LOCAL ROLE reader');
  expect((await client.query(`SELECT stream_id FROM ${schema}.published_events`)).rows).toEqual([{ stream_id: 'usr_1' }]);
  await expect(client.query(`SELECT 1 FROM ${schema}.names`)).rejects.toThrow('permission denied');
  await client.query('ROLLBACK');
  client.release();
});
