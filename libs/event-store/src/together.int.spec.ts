import { startTestPostgres, type TestPostgres } from '@wami/testing';
import type { Pool, PoolClient } from 'pg';
import { createPool } from './create-pool';
import { OutcomeUnknown } from './errors';
import { together } from './together';
import { inTransaction } from './transaction';

jest.setTimeout(60_000);

describe('statements that are sent together', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    pool = createPool({ connectionString: postgres.url, max: 2, applicationName: 'together-test', onError: () => undefined });
    await pool.query('CREATE TABLE note (id integer PRIMARY KEY)');
  });
  afterAll(async () => {
    await pool.end();
    await postgres.stop();
  });

  const insert = (client: PoolClient, id: number): Promise<unknown> => client.query('INSERT INTO note VALUES ($1)', [id]);
  const count = async (client: Pool | PoolClient): Promise<number> => (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM note')).rows[0]?.n ?? -1;

  it('are carried out in their order, each seeing what the ones before did', async () => {
    const counts = await inTransaction(pool, (client) => together([count(client), insert(client, 1), count(client), insert(client, 2), count(client)]));
    expect([counts[0], counts[2], counts[4]]).toEqual([0, 1, 2]);
  });

  it('take the lock first that is asked for first: what comes behind sees what the one before committed', async () => {
    const lock = (client: PoolClient): Promise<unknown> => client.query('SELECT pg_advisory_xact_lock(7)');
    const before = await count(pool);
    let second: Promise<number> | undefined;
    await inTransaction(pool, async (client) => {
      await lock(client);
      second = inTransaction(pool, async (other) => (await together([lock(other), count(other)]))[1]);
      await insert(client, 50);
    });
    expect(await second).toBe(before + 1);
  });

  it('fail with what went wrong first, not with what followed from it', async () => {
    const before = await count(pool);
    const late = async (client: PoolClient): Promise<void> => {
      await client.query('SELECT 1');
      await insert(client, 61);
    };
    await expect(inTransaction(pool, (client) => together([late(client), insert(client, 60), insert(client, 60)]))).rejects.toMatchObject({ code: '23505' });
    expect(await count(pool)).toBe(before);
  });

  it('have all ended when the failure is told: nothing goes on behind the rollback', async () => {
    const before = await count(pool);
    let ended = false;
    const slow = async (client: PoolClient): Promise<void> => {
      await client.query('SELECT pg_sleep(0.05)');
      await insert(client, 71).catch(() => undefined);
      ended = true;
    };
    await expect(inTransaction(pool, (client) => together([slow(client), Promise.reject(new Error('refused here'))]))).rejects.toThrow('refused here');
    expect(ended).toBe(true);
    expect(await count(pool)).toBe(before);
  });

  it('are not known to be undone where the server refused to begin: nothing more is sent, and the connection is not used again', async () => {
    const unwilling = { connect: async () => {
      const client = await pool.connect();
      const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<unknown>;
      return Object.assign(client, { query: (text: string, values?: unknown[]) => query(text === 'BEGIN' ? 'SELECT 1 / 0' : text, values) });
    } } as unknown as Pool;
    await expect(inTransaction(unwilling, async (client) => {
      await insert(client, 90);
      await insert(client, 91);
    })).rejects.toBeInstanceOf(OutcomeUnknown);
    expect((await pool.query('SELECT id FROM note WHERE id >= 90')).rows).toEqual([{ id: 90 }]);
    expect(pool.totalCount).toBe(1);
  });
});
