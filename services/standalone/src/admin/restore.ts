import { createHash } from 'node:crypto';
import type { RestoreResult } from '@wami/contracts';
import { copyIn, ensureRequestRole, createPool, makeSchema, migrateWithin, type MigrationStep } from '@wami/event-store';
import { StartupError, type Secret } from '@wami/platform';
import { escapeIdentifier, type Client, type ClientBase } from 'pg';
import { adoptRestored } from './adopt-restored';
import type { ArchiveReader } from './archive/archive-reader';
import { rowsIn } from './archive/archive-writer';
import type { SavedSchema, SavedTable } from './archive/manifest';
import { connect } from './connection';
import { migrationsOf } from './migrations-of';
import { PARTS, type OpenPart, type OpenPlaces, type Part, type Place } from './places';
import { putSecrets } from './secret-files';
import { copied, rowsOf } from './tables';

/** There is something where only an empty instance may be restored into. */
export class NotEmpty extends StartupError {}

interface Target {
  readonly client: Client;
  readonly place: Place;
}

/**
 * Puts the instance of an archive into databases that hold none, and reads again what it wrote: everything is there and as it was saved, or nothing is. The archive
 * was verified. @throws NotEmpty, StartupError
 */
export async function restore(reader: ArchiveReader, { places, folder }: OpenPlaces, now: Date, tell: (line: string) => void): Promise<RestoreResult> {
  const { manifest } = reader;
  const secrets = await Promise.all(manifest.secrets.map(async (entry) => ({ name: entry.name.replace('secrets/', ''), content: await reader.read(entry) })));
  const targets: Target[] = [];
  try {
    for (const place of places) targets.push({ place, client: await emptyDatabase(place) });
    const parts: OpenPart[] = [];
    for (const saved of manifest.schemas) parts.push(await restoreSchema(reader, saved, targets, tell));
    const pause = await adoptRestored(parts, { instance: manifest.instance, now, reason: `restored from the backup of ${manifest.createdAt}: docs/backup.md says what to look at before it is ended` });
    if (folder !== undefined) putSecrets(folder, secrets);
    for (const { client } of targets) await client.query('COMMIT');
    for (const { client } of targets) await client.query('ANALYZE');
    return resultOf(reader, pause, folder === undefined ? [] : secrets.map(({ name }) => name));
  } finally {
    // A transaction that was not committed is rolled back.
    await Promise.all(targets.map(({ client }) => client.end()));
  }
}

async function emptyDatabase({ url, parts }: Place): Promise<Client> {
  await requestRole(url);
  const client = await connect(url);
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ schema: string }>('SELECT nspname AS schema FROM pg_namespace WHERE nspname = ANY($1) ORDER BY 1', [parts.map(({ schema }) => schema)]);
    if (rows.length === 0) return client;
    throw new NotEmpty(`There is an instance already (${rows.map(({ schema }) => schema).join(', ')}): restore only into an empty database. Name another one by WAMI_DATABASE_URL, or another WAMI_DATA_DIR.`);
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function requestRole(url: Secret): Promise<void> {
  const pool = createPool({ connectionString: url.reveal(), max: 1, applicationName: 'wami-admin', onError: () => undefined });
  await ensureRequestRole(pool).finally(() => pool.end());
}

async function restoreSchema(reader: ArchiveReader, saved: SavedSchema, targets: readonly Target[], tell: (line: string) => void): Promise<OpenPart> {
  const part = PARTS.find(({ schema }) => schema === saved.schema);
  const target = targets.find(({ place }) => place.parts.some(({ schema }) => schema === saved.schema));
  if (!part || !target) throw new StartupError(`The backup holds ${saved.schema}, which this release does not know: restore it with the release that wrote it (${reader.manifest.release}).`);
  const { client } = target;
  await makeSchema(client, part.schema, stepsOf(part, saved, reader.manifest.release));
  for (const table of saved.tables) {
    await restoreTable(reader, client, part, table);
    if (table.rows > 0) tell(`${part.schema}.${table.table}: ${table.rows} rows`);
  }
  await goOnCounting(client, part);
  for (const [tool, migrations] of migrationsOf(part)) {
    if (saved.migrations.some((one) => one.tool === tool)) await migrateWithin(client, { schema: part.schema, tool, migrations });
  }
  await client.query('SET LOCAL statement_timeout = 0');
  return { part, client };
}

function stepsOf(part: Part, { migrations }: SavedSchema, release: string): MigrationStep[] {
  const known = migrationsOf(part);
  return migrations.map(({ tool, id }) => {
    const migration = known.get(tool)?.find((one) => one.id === id);
    if (!migration) throw new StartupError(`The backup was written by a newer release (${release}; ${part.schema} has ${tool} ${id}): restore it with that one.`);
    return { tool, migration };
  });
}

async function restoreTable(reader: ArchiveReader, client: ClientBase, { schema }: Part, table: SavedTable): Promise<void> {
  // Some migrations write first rows.
  await client.query(`TRUNCATE ${escapeIdentifier(schema)}.${escapeIdentifier(table.table)}`);
  await copyIn(client, `COPY ${copied(schema, table)} FROM STDIN`, reader.rows(table));
  const whole = createHash('sha256');
  let rows = 0;
  for await (const chunk of rowsOf(client, schema, table)) {
    whole.update(chunk);
    rows += rowsIn(chunk);
  }
  if (rows !== table.rows || whole.digest('hex') !== table.sha256) throw new StartupError(`${schema}.${table.table} is not in the database as it was saved. Nothing was restored.`);
}

/** Columns that the database numbers go on after the greatest number that was restored. */
async function goOnCounting(client: ClientBase, { schema }: Part): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT c.relname AS table, a.attname AS column, pg_get_serial_sequence(format('%I.%I', $1::text, c.relname), a.attname) AS sequence
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attidentity <> '' WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind = 'r'`, [schema]);
  for (const { table, column, sequence } of rows) {
    const greatest = `(SELECT max(${escapeIdentifier(column)}) FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)})`;
    await client.query(`SELECT setval($1, coalesce(${greatest}, 1), ${greatest} IS NOT NULL)`, [sequence]);
  }
}

function resultOf({ manifest: { createdAt, schemas, masterKeys } }: ArchiveReader, pause: string, secrets: readonly string[]): RestoreResult {
  const tables = schemas.flatMap((schema) => schema.tables);
  return {
    createdAt, pause, secrets, masterKeys, tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    events: schemas.reduce((sum, { store }) => sum + (store?.events ?? 0), 0),
  };
}
