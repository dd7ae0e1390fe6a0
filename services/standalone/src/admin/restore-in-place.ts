import type { InPlaceResult } from '@wami/contracts';
import { EVENT_STORE_MIGRATIONS, migrateWithin } from '@wami/event-store';
import { StartupError } from '@wami/platform';
import type { Client } from 'pg';
import { adoptRestored } from './adopt-restored';
import { connect } from './connection';
import { instanceOf } from './instance-of';
import type { OpenPart, OpenPlaces } from './places';

/** Databases that PostgreSQL's own tools restored, from a dump, a base backup or a snapshot of the disk: all of an instance, at one moment. @throws StartupError */
export async function restoreInPlace({ places }: OpenPlaces, now: Date): Promise<InPlaceResult> {
  const clients: Client[] = [];
  try {
    const parts: OpenPart[] = [];
    for (const { url, parts: all } of places) {
      const client = await connect(url);
      clients.push(client);
      await client.query('BEGIN');
      await refuseRunning(client);
      const { rows } = await client.query<{ schema: string }>('SELECT nspname AS schema FROM pg_namespace');
      parts.push(...all.filter(({ schema }) => rows.some((row) => row.schema === schema)).map((part) => ({ part, client })));
    }
    for (const { part, client } of parts.filter((one) => one.part.writes)) {
      await migrateWithin(client, { schema: part.schema, tool: 'event-store', migrations: EVENT_STORE_MIGRATIONS });
      await client.query('SET LOCAL statement_timeout = 0');
    }
    const instance = await instanceOf(parts);
    const pause = await adoptRestored(parts, { instance, now, reason: 'the database was restored: docs/backup.md says what to look at before it is ended' });
    for (const client of clients) await client.query('COMMIT');
    return { schemas: parts.map(({ part }) => part.schema), pause };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function refuseRunning(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, 'wami-') AND application_name <> 'wami-admin'`);
  if (rows.length > 0) throw new StartupError(`WAMI runs on this database (${rows.map(({ name }) => name).join(', ')}). Stop it first.`);
}
