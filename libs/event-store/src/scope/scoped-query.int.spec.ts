import type { Pool } from 'pg';
import { worldForAll } from '@wami/testing';
import { createPool } from '../create-pool';
import { prepared } from '../prepared';
import { scopedReader } from './reader';
import { ensureRequestRole, REQUEST_ROLE, RequestRoleMissing } from './request-role';
import { openTable, secureTable, tenantInScope } from './row-security';

const TENANTS = ['acme', 'acme/eng', 'acme-too', 'acme0', 'other', 'other/eng'];

describe('what a request reads', () => {
  let pool: Pool;
  let tenant: string | undefined;
  let url: string;
  worldForAll(async (databaseUrl) => {
    url = databaseUrl;
    // One connection, so that whatever it kept of one request would be met by the next.
    pool = createPool({ connectionString: databaseUrl, max: 1, applicationName: 'scope', onError: () => undefined });
    await ensureRequestRole(pool);
    await pool.query(`CREATE TABLE secured (tenant text COLLATE "C" NOT NULL, n integer); CREATE TABLE closed (n integer); CREATE TABLE plain (n integer); INSERT INTO plain VALUES (1)`);
    await pool.query(secureTable('secured', tenantInScope('tenant')) + openTable('plain'));
    await pool.query('INSERT INTO secured SELECT unnest($1::text[]), 1', [TENANTS]);
    return { close: () => pool.end() };
  }, () => undefined);

  const read = async (as: string | undefined, text = 'SELECT tenant FROM secured ORDER BY 1', values: unknown[] = []): Promise<string[]> => {
    tenant = as;
    const { rows } = await scopedReader(pool, () => tenant).query<{ tenant: string }>(prepared(text, values));
    return rows.map((row) => row.tenant);
  };

  it('is its own tenant and what is below, whatever the statement asks for', async () => {
    expect(await read('acme')).toEqual(['acme', 'acme/eng']);
    expect(await read('acme/eng', 'SELECT tenant FROM secured WHERE n = $1', [1])).toEqual(['acme/eng']);
    expect(await read('nobody')).toEqual([]);
    expect(await read('')).toEqual([...TENANTS].sort());
    expect(await read(undefined)).toEqual([...TENANTS].sort());
  });

  it('is never that of the request before on the same connection', async () => {
    const answers: Promise<string[]>[] = [];
    for (let i = 0; i < 200; i++) {
      const as = i % 2 === 0 ? 'acme' : 'other';
      answers.push(scopedReader(pool, () => as).query<{ tenant: string }>(prepared('SELECT tenant FROM secured ORDER BY tenant')).then(({ rows }) => rows.map((row) => row.tenant)));
    }
    const found = await Promise.all(answers);
    const wrong = found.filter((tenants, i) => tenants.join() !== (i % 2 === 0 ? 'acme,acme/eng' : 'other,other/eng'));
    const { rows: [left] } = await pool.query<{ user: string; from: string }>(`SELECT current_user AS "user", current_setting('wami.from', true) AS "from"`);
    console.log(`pool of 1: ${found.length} requests of 2 tenants in turns, leaked ${wrong.length}, left on the connection: ${JSON.stringify(left?.from)}`);
    expect([wrong.length, left?.from, left?.user === REQUEST_ROLE]).toEqual([0, '', false]);
  });

  it('is nothing on a connection whose scope is over, and an error on one that never had any', async () => {
    await read('acme');
    const client = await pool.connect();
    const count = async (): Promise<number> => (await client.query(`SET ROLE ${REQUEST_ROLE}; SELECT * FROM secured`) as unknown as { rows: object[] }[])[1]?.rows.length ?? -1;
    expect(await count()).toBe(0);
    client.release(true);
    const fresh = await pool.connect();
    await expect(fresh.query(`SET ROLE ${REQUEST_ROLE}; SELECT * FROM secured`)).rejects.toThrow(/wami\.from/);
    fresh.release(true);
  });

  it('is no table that was not opened, and nothing can be written', async () => {
    await expect(read('acme', 'SELECT * FROM closed')).rejects.toThrow(/permission denied/);
    await expect(read('acme', `INSERT INTO secured VALUES ('acme', 2)`)).rejects.toThrow(/permission denied/);
    expect(await read('acme', 'SELECT n::text AS tenant FROM plain')).toEqual(['1']);
  });

  it('goes on after a statement that failed, also a prepared one', async () => {
    const text = 'SELECT tenant, 1 / (n - $1::integer) FROM secured ORDER BY 1';
    await expect(read('acme', text, [1])).rejects.toThrow(/division by zero/);
    expect(await read('other', text, [2])).toEqual(['other', 'other/eng']);
    await expect(read('acme', 'SELECT nothing')).rejects.toThrow(/does not exist/);
    await expect(read('acme', 'SELECT nothing')).rejects.toThrow(/does not exist/);
    expect(await read('acme')).toEqual(['acme', 'acme/eng']);
  });

  it('needs a role that an ordinary user cannot make: the refusal names the remedy', async () => {
    await pool.query(`DROP ROLE IF EXISTS wami_plain; CREATE ROLE wami_plain LOGIN PASSWORD 'plain'`);
    const ordinary = new URL(url);
    [ordinary.username, ordinary.password] = ['wami_plain', 'plain'];
    const theirs = createPool({ connectionString: ordinary.toString(), max: 1, applicationName: 'scope', onError: () => undefined });
    try {
      const refusal = await ensureRequestRole(theirs).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RequestRoleMissing);
      const remedy = /run once (.*)$/.exec((refusal as Error).message)?.[1]?.replace(/CREATE ROLE \w+ NOLOGIN; /, '') ?? '';
      await pool.query(remedy);
      await ensureRequestRole(theirs);
    } finally {
      await theirs.end();
      await pool.query('DROP ROLE wami_plain');
    }
  });
});
