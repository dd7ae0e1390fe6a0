import { databaseAddress, StartupError, type Secret } from '@wami/platform';
import { Client } from 'pg';

const CONNECT_MS = 10_000;

/** A connection on which nothing runs out of time: a table may be large. It sees all rows, or fails. @throws StartupError */
export async function connect(url: Secret): Promise<Client> {
  const client = new Client({ connectionString: url.reveal(), application_name: 'wami-admin', connectionTimeoutMillis: CONNECT_MS, keepAlive: true });
  // Whoever uses it is told by the query that fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET row_security = off; SET synchronize_seqscans = off');
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new StartupError(`PostgreSQL at ${databaseAddress(url.reveal())} does not answer (${(error as NodeJS.ErrnoException).code ?? 'refused'}).`);
  }
}
