import { eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { createPool } from './create-pool';

jest.setTimeout(60_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

function openPool() {
  const errors: unknown[] = [];
  const pool = createPool({ connectionString: postgres.url, applicationName: 'create-pool-test', onError: (error) => errors.push(error) });
  return { pool, errors };
}

/** The process that serves a connection stands still until `go`, with an order to end waiting for it. */
async function orderedToEnd(pool: ReturnType<typeof openPool>['pool']) {
  const { rows: [server] } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  if (!server) throw new Error('no connection');
  process.kill(server.pid, 'SIGSTOP');
  process.kill(server.pid, 'SIGTERM');
  return { go: () => process.kill(server.pid, 'SIGCONT') };
}

it('tells of a connection that broke', async () => {
  const { pool, errors } = openPool();
  const server = await orderedToEnd(pool);
  server.go();
  await eventually(() => expect(errors).toContainEqual(expect.objectContaining({ code: '57P01' })));
  await pool.end();
});

it('is silent about one that breaks while the pool is being ended', async () => {
  const { pool, errors } = openPool();
  const client = await pool.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.release();
  const server = await orderedToEnd(pool);
  await pool.end();
  server.go();
  await ended;
  expect(errors).toEqual([]);
});

it('reads through the index also by a statement that was prepared while the table was small', async () => {
  const { pool } = openPool();
  const client = await pool.connect();
  await client.query('CREATE TABLE grown (id text PRIMARY KEY) WITH (autovacuum_enabled = off); INSERT INTO grown VALUES (0); ANALYZE grown');
  await client.query('SET plan_cache_mode = force_generic_plan; PREPARE known (text[]) AS SELECT id FROM grown WHERE id = ANY($1)');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE known ('{0,1}')`);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index (Only )?Scan/);
  client.release();
  await pool.end();
});
