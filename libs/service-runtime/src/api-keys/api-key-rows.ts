import { ID_PREFIXES, parseWithoutPersonal, type RecordedEvent, type Role } from '@wami/contracts';
import type { PoolClient } from 'pg';

/** What is known of a key after its event number `version`. */
interface ApiKeyRow {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly role: Role;
  readonly hash: string;
  readonly expiresAt: string | null;
  readonly previousHash: string | null;
  readonly previousUntil: string | null;
  readonly revoked: boolean;
}

/** Writes what a page of events does to the keys, in the transaction that saves the position. Other events are passed over. */
export async function applyToApiKeys(client: PoolClient, schema: string, events: readonly RecordedEvent[]): Promise<void> {
  const ours = events.filter((event) => event.type.startsWith('wami.api-key.') || isUnreadable(event));
  if (ours.length === 0) return;
  const rows = await readRows(client, schema, [...new Set(ours.map((event) => (isUnreadable(event) ? event.key : event.stream)))]);
  for (const event of ours) {
    if (isUnreadable(event)) revoke(rows, event.key);
    else foldEvent(rows, event);
  }
  await writeRows(client, schema, [...rows.values()]);
}

/** What nobody can read of a key may be its revocation. */
const isUnreadable = ({ unreadable, key }: RecordedEvent): boolean => unreadable !== undefined && key.startsWith(`${ID_PREFIXES.apiKey}_`);

function revoke(rows: Map<string, ApiKeyRow>, id: string): void {
  const row = rows.get(id);
  if (row) rows.set(id, { ...row, previousHash: null, previousUntil: null, revoked: true });
}

/** An event that is there already, or of a key that is revoked, changes nothing: revoked is for good. */
function foldEvent(rows: Map<string, ApiKeyRow>, recorded: RecordedEvent): void {
  const event = parseWithoutPersonal(recorded);
  const { stream: id, tenant, version } = event;
  const row = rows.get(id);
  if (row && (row.revoked || row.version >= version)) return;
  switch (event.type) {
    case 'wami.api-key.created.v1': {
      const { role, hash, expiresAt = null } = event.data;
      rows.set(id, { id, tenant, version, role, hash, expiresAt, previousHash: null, previousUntil: null, revoked: false });
      break;
    }
    case 'wami.api-key.rotated.v1': {
      const { hash, previousUntil, expiresAt = null } = event.data;
      if (row) rows.set(id, { ...row, version, hash, expiresAt, previousHash: row.hash, previousUntil });
      break;
    }
    case 'wami.api-key.revoked.v1': {
      if (row) rows.set(id, { ...row, version });
      revoke(rows, id);
      break;
    }
    default: break;
  }
}

async function readRows(client: PoolClient, schema: string, ids: readonly string[]): Promise<Map<string, ApiKeyRow>> {
  const { rows } = await client.query<Omit<ApiKeyRow, 'expiresAt' | 'previousUntil'> & { expiresAt: Date | null; previousUntil: Date | null }>(
    `SELECT id, tenant, version, role, hash, expires_at AS "expiresAt", previous_hash AS "previousHash", previous_until AS "previousUntil", revoked
     FROM "${schema}".api_keys WHERE id = ANY($1::text[]) FOR UPDATE`, [ids]);
  return new Map(rows.map((row) => [row.id, { ...row, expiresAt: row.expiresAt?.toISOString() ?? null, previousUntil: row.previousUntil?.toISOString() ?? null }]));
}

async function writeRows(client: PoolClient, schema: string, rows: readonly ApiKeyRow[]): Promise<void> {
  await client.query(
    `INSERT INTO "${schema}".api_keys (id, tenant, version, role, hash, expires_at, previous_hash, previous_until, revoked)
     SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::timestamptz[], $9::boolean[])
     ON CONFLICT (id) DO UPDATE SET version = excluded.version, hash = excluded.hash, expires_at = excluded.expires_at,
       previous_hash = excluded.previous_hash, previous_until = excluded.previous_until, revoked = excluded.revoked`,
    [
      rows.map(({ id }) => id), rows.map(({ tenant }) => tenant), rows.map(({ version }) => version), rows.map(({ role }) => role), rows.map(({ hash }) => hash),
      rows.map(({ expiresAt }) => expiresAt), rows.map(({ previousHash }) => previousHash), rows.map(({ previousUntil }) => previousUntil), rows.map(({ revoked }) => revoked),
    ]);
}
