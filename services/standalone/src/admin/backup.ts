import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupResult, Checkpoint } from '@wami/contracts';
import { IDENTITY_SOURCE } from '@wami/identity';
import { StartupError } from '@wami/platform';
import { escapeIdentifier, type ClientBase } from 'pg';
import { ArchiveWriter } from './archive/archive-writer';
import { FORMAT, FORMAT_VERSION, type Manifest, type SavedSchema } from './archive/manifest';
import { connect } from './connection';
import { instanceOf } from './instance-of';
import type { OpenPart, OpenPlaces } from './places';
import { secretFiles } from './secret-files';
import { rowsOf, tablesOf } from './tables';

export interface BackupOptions {
  readonly file: string;
  /** Also the keys, the administrator's token and the connections file of the data directory. */
  readonly withSecrets: boolean;
  readonly connections?: string;
  readonly now: Date;
  readonly tell: (line: string) => void;
}

/** Saves the instance as it is at one moment, while it runs or not. What is at `file` already stays. */
export async function backup({ places, folder }: OpenPlaces, options: BackupOptions): Promise<BackupResult> {
  const { file, now, tell } = options;
  const clients = await Promise.all(places.map(({ url }) => connect(url)));
  try {
    const looking: OpenPart[] = [];
    for (const [i, { parts }] of places.entries()) {
      const client = clients[i];
      if (!client) continue;
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // The first query takes the snapshot.
      const { rows } = await client.query<{ schema: string }>('SELECT nspname AS schema FROM pg_namespace');
      looking.push(...parts.filter(({ schema }) => rows.some((row) => row.schema === schema)).map((part) => ({ client, part })));
    }
    if (!looking.some(({ part }) => part.service === IDENTITY_SOURCE)) throw new StartupError('There is no instance of WAMI in this database. Name the right one by WAMI_DATABASE_URL, or the data directory by WAMI_DATA_DIR.');
    const secrets = options.withSecrets ? secretFiles(folder, options.connections) : [];
    const writer = await ArchiveWriter.create(file, now);
    try {
      const manifest = await save(writer, looking, secrets, now, tell);
      const bytes = await writer.finish(manifest);
      await noteBackup(looking, now, tell);
      return resultOf(file, manifest, bytes);
    } catch (error) {
      await writer.giveUp();
      throw error;
    }
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** When the newest backup was made, as metrics tell it; a database that is only a copy of another cannot be told. */
async function noteBackup(looking: readonly OpenPart[], now: Date, tell: (line: string) => void): Promise<void> {
  for (const { client, part } of looking.filter((one) => one.part.service === IDENTITY_SOURCE)) {
    await client.query('COMMIT');
    await client.query(`UPDATE ${escapeIdentifier(part.schema)}.store_info SET backed_up_at = $1`, [now]).catch(() => tell('The backup is whole, but its time could not be noted: the database takes no writes.'));
  }
}

type Secrets = ReturnType<typeof secretFiles>;

async function save(writer: ArchiveWriter, looking: readonly OpenPart[], secrets: Secrets, now: Date, tell: (line: string) => void): Promise<Manifest> {
  const schemas: SavedSchema[] = [];
  for (const one of looking) schemas.push(await saveSchema(writer, one, tell));
  const saved = [];
  for (const { name, content } of secrets) saved.push(await writer.entry(`secrets/${name}`, content));
  return {
    format: FORMAT, version: FORMAT_VERSION, createdAt: now.toISOString(), release: release(), instance: await instanceOf(looking),
    masterKeys: await masterKeysOf(looking), schemas, secrets: saved,
  };
}

async function saveSchema(writer: ArchiveWriter, { client, part }: OpenPart, tell: (line: string) => void): Promise<SavedSchema> {
  const { schema, service, writes } = part;
  const quoted = escapeIdentifier(schema);
  const { rows: migrations } = await client.query<{ tool: string; id: string }>(`SELECT tool, id FROM ${quoted}.migrations ORDER BY applied_at, ctid`);
  const tables = [];
  for (const table of await tablesOf(client, part)) {
    const saved = await writer.table({ schema, ...table, rows: rowsOf(client, schema, table) });
    if (saved.rows > 0) tell(`${schema}.${table.table}: ${saved.rows} rows`);
    tables.push(saved);
  }
  if (!writes) return { schema, migrations, tables };
  return { schema, migrations, store: { source: service, events: tables.find(({ table }) => table === 'events')?.rows ?? 0, ...await aboutStore(client, quoted) }, tables };
}

async function aboutStore(client: ClientBase, quoted: string): Promise<{ readonly epoch: string; readonly head?: string; readonly checkpoint?: Checkpoint }> {
  const { rows: [store] } = await client.query<{ epoch: string; head: string | null }>(
    `SELECT epoch, (SELECT tx || '.' || position FROM ${quoted}.events ORDER BY events.tx DESC, events.position DESC LIMIT 1) AS head FROM ${quoted}.store_info`);
  const { rows: [checkpoint] } = await client.query<Checkpoint>(`SELECT number::int, seal FROM ${quoted}.seals ORDER BY seals.number DESC LIMIT 1`);
  return { epoch: store?.epoch ?? '', ...(store?.head ? { head: store.head } : {}), ...(checkpoint ? { checkpoint } : {}) };
}

async function masterKeysOf(looking: readonly OpenPart[]): Promise<string[]> {
  const identity = looking.find(({ part }) => part.service === IDENTITY_SOURCE);
  const answer = await identity?.client.query<{ id: string }>(`SELECT DISTINCT master_key AS id FROM ${escapeIdentifier(identity.part.schema)}.tenant_keys ORDER BY 1`);
  return answer?.rows.map(({ id }) => id) ?? [];
}

const release = (): string => (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;

function resultOf(file: string, { createdAt, schemas, secrets }: Manifest, bytes: number): BackupResult {
  const tables = schemas.flatMap((schema) => schema.tables);
  return {
    file, bytes, createdAt, tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    events: schemas.reduce((sum, { store }) => sum + (store?.events ?? 0), 0), secrets: secrets.map(({ name }) => name.replace('secrets/', '')),
  };
}
