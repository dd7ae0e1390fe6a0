import { Client } from 'pg';
import { SUPERUSER } from './data-directory';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

const TIMEOUT_MS = 30_000;

/** Creates the database unless it is there. */
export async function ensureDatabase(address: ServerAddress, name: string): Promise<void> {
  const client = new Client({ ...address, user: SUPERUSER, database: 'postgres', connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
