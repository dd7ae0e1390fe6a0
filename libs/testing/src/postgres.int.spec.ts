import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Client } from 'pg';
import { eventually } from './eventually';
import { startTestPostgres, type TestPostgres } from './postgres';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startTestPostgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  it('leaves out waiting for the disk unless the test is about durability', async () => {
    expect(await query(postgres.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
    const durable = await startTestPostgres({ durable: true });
    try {
      expect(await query(durable.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    } finally {
      await durable.stop();
    }
  });

  it('gives each createDatabase an empty database of its own', async () => {
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
    await query(first, 'CREATE TABLE only_here (id int)');
    await expect(query(second, 'SELECT * FROM only_here')).rejects.toThrow('does not exist');
  });

  it('makes tables once for all copies, which then go their own ways', async () => {
    let times = 0;
    const tables = async (url: string): Promise<void> => {
      times += 1;
      await query(url, 'CREATE TABLE made (id int)');
    };
    const [first, second] = await Promise.all([postgres.copyOf(tables), postgres.copyOf(tables)]);
    await query(first, 'INSERT INTO made VALUES (1)');
    expect([await query(second, 'SELECT * FROM made'), times]).toEqual([[], 1]);
  });

  it('keeps port, password and committed data over a restart and over kill -9', async () => {
    const url = await postgres.createDatabase('kept');
    await query(url, 'CREATE TABLE note AS SELECT 1 AS id');
    await postgres.restart();
    await query(url, 'INSERT INTO note VALUES (2)');
    await postgres.kill9();
    await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
    await eventually(async () => expect(await query(url, 'SELECT id FROM note ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]));
  });

  it('removes its directory at stop', async () => {
    const mine = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`wami-test-postgres-${process.pid}-`));
    const before = mine();
    const other = await startTestPostgres();
    const created = mine().filter((name) => !before.includes(name));
    expect(created).toHaveLength(1);
    await other.stop();
    expect(existsSync(`${tmpdir()}/${created[0]}`)).toBe(false);
  });
});
