import type { ClientBase, Pool } from 'pg';
import { InvalidAppend } from '../errors';
import type { AppendRefusal, NameReservation } from '../event-store';
import { quoteSchema } from '../identifier';
import type { Reader } from '../scope/reader';
import { nameDigest, type NameRow } from './names';
import type { PreparedAppend } from './prepared-append';

type Database = Pool | ClientBase;

/**
 * Looks up why an append was refused. `headWritten`: the caller's own transaction already holds its head. Undefined where nothing
 * speaks against it (any more): a newer head, or somebody else rolled back.
 */
export async function whyRefused(db: Database, schema: string, prepared: PreparedAppend, headWritten = false): Promise<AppendRefusal | undefined> {
  const quoted = quoteSchema(schema);
  return (headWritten ? undefined : await wrongVersion(db, quoted, prepared))
    ?? (await missingReference(db, quoted, prepared))
    ?? (await takenName(db, quoted, prepared));
}

export async function wrongVersion(db: Database, quoted: string, { append }: PreparedAppend): Promise<AppendRefusal | undefined> {
  const { rows: [head] } = await db.query<{ version: number; tenant: string }>(`SELECT version, tenant FROM ${quoted}.heads WHERE stream_id = $1`, [append.stream]);
  const actualVersion = head?.version ?? 0;
  if (actualVersion !== append.expectedVersion) return { code: 'VersionConflict', actualVersion };
  if (head && head.tenant !== append.tenant) throw new InvalidAppend(append, 'the stream belongs to another tenant');
  return undefined;
}

async function missingReference(db: Database, quoted: string, { references }: PreparedAppend): Promise<AppendRefusal | undefined> {
  if (references.length === 0) return undefined;
  const { rows } = await db.query<{ stream_id: string }>(`SELECT stream_id FROM ${quoted}.heads WHERE stream_id = ANY($1) AND NOT closed`, [references]);
  const missing = references.find((stream) => !rows.some((row) => row.stream_id === stream));
  return missing === undefined ? undefined : { code: 'ReferenceGone', stream: missing };
}

async function takenName(db: Database, quoted: string, { append, reserved }: PreparedAppend): Promise<AppendRefusal | undefined> {
  for (const row of reserved) {
    const owner = await ownerOf(db, quoted, row);
    if (owner === undefined || owner === append.stream) continue;
    const name = (append.reserve ?? []).find((asked) => nameDigest(asked.value) === row.value && asked.kind === row.kind && asked.tenant === row.tenant);
    if (name) return { code: 'NameTaken', name, ownerStream: owner };
  }
  return undefined;
}

async function ownerOf(db: Reader, quoted: string, row: Omit<NameRow, 'stream'>): Promise<string | undefined> {
  const { rows: [owner] } = await db.query<{ stream_id: string }>({
    text: `SELECT stream_id FROM ${quoted}.names WHERE tenant = $1 AND kind = $2 AND value = $3`, values: [row.tenant, row.kind, row.value],
  });
  return owner?.stream_id;
}

/** The stream that holds a name now. */
export function findName(db: Reader, schema: string, { tenant, kind, value }: NameReservation): Promise<string | undefined> {
  return ownerOf(db, quoteSchema(schema), { tenant, kind, value: nameDigest(value) });
}
