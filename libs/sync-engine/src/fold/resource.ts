import { prepared } from '@wami/event-store';
import type { LogPosition } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { Document } from '../kinds';

/** A resource as identity's events have made it. Without a document until its own first event arrived. */
export interface Resource {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  /** ARN. */
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly document: Document | null;
  /** Place of the newest event about it, its relations included. */
  readonly intent: LogPosition;
}

export async function loadResources(client: PoolClient, db: EngineDatabase, ids: readonly string[]): Promise<Map<string, Resource>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<Resource>(prepared(`SELECT id, kind, tenant, subject, version, deleted, document, intent FROM ${db.table('resources')} WHERE id = ANY($1)`, [ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function saveResources(client: PoolClient, db: EngineDatabase, resources: readonly Resource[]): Promise<void> {
  if (resources.length === 0) return;
  await client.query(prepared(`INSERT INTO ${db.table('resources')} (id, kind, tenant, subject, version, deleted, document, intent)
      SELECT id, kind, tenant, subject, version, deleted, document, intent
      FROM jsonb_to_recordset($1::jsonb) AS r (id text, kind text, tenant text, subject text, version integer, deleted boolean, document jsonb, intent text)
      ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, tenant = excluded.tenant, subject = excluded.subject, version = excluded.version,
        deleted = excluded.deleted, document = nullif(excluded.document, 'null'::jsonb), intent = excluded.intent`, [JSON.stringify(resources)]));
}
