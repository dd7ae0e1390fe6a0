import { join } from 'node:path';
import { startEmbeddedPostgres } from '@wami/embedded-postgres';
import { Client } from 'pg';
import { newDataDirectory } from './postgres-template';
import { removeDirectory, temporaryDirectory } from './temporary-directory';

/** What tells one database cluster's making from another's. */
const MAKING = `
  SELECT datname, datcollate, datctype, datlocprovider, datlocale, pg_encoding_to_char(encoding) AS encoding, current_setting('server_version') AS version,
    current_setting('fsync') AS fsync, current_setting('data_checksums') AS checksums, current_setting('password_encryption') AS passwords
  FROM pg_database WHERE datname = 'test'`;

describe('newDataDirectory', () => {
  const folder = temporaryDirectory('template');
  afterAll(() => removeDirectory(folder));

  async function making(dataDir: string): Promise<unknown> {
    const server = await startEmbeddedPostgres({ dataDir, database: 'test' });
    const client = new Client({ connectionString: server.url });
    try {
      await client.connect();
      return (await client.query(MAKING)).rows;
    } finally {
      await client.end();
      await server.stop();
    }
  }

  it('gives, to several who ask at once, what the product makes', async () => {
    const copies = ['a', 'b', 'c'].map((name) => join(folder, name));
    await Promise.all(copies.map(newDataDirectory));
    const made = await making(join(folder, 'made'));
    expect(made).toHaveLength(1);
    expect(await Promise.all(copies.map(making))).toEqual([made, made, made]);
  });
});
