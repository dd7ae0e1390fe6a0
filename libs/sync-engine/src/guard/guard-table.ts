import type { EventMeta } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { WINDOW_MS } from './budget';

/** A list that waits for approval, as the engine keeps it. */
export interface ApprovalRow {
  readonly id: string;
  readonly account: string;
  readonly tenant: string;
  readonly subject: string;
  readonly state: 'open' | 'rejected' | 'releasing';
  /** After each part. */
  readonly hashes: readonly string[];
  readonly held: number;
  /** In its stream so far. */
  readonly events: number;
  readonly expiresAt: number;
  /** When it is looked at next whether it fits the budget by now. */
  readonly lookAt: number;
  readonly cause: EventMeta;
}

export interface HeldRow {
  readonly resource: string;
  readonly approval: string;
  readonly takes: readonly string[];
}

const COLUMNS = 'id, account, tenant, subject, state, hashes, held, events, expires_at AS "expiresAt", look_at AS "lookAt", cause';

function toApproval(row: ApprovalRow): ApprovalRow {
  return { ...row, expiresAt: Number(row.expiresAt), lookAt: Number(row.lookAt) };
}

export async function lockApprovals(client: PoolClient, db: EngineDatabase, where: string, values: readonly unknown[]): Promise<ApprovalRow[]> {
  const { rows } = await client.query<ApprovalRow>(`SELECT ${COLUMNS} FROM ${db.table('approvals')} a WHERE ${where} ORDER BY id FOR UPDATE`, [...values]);
  return rows.map(toApproval);
}

export async function saveApproval(client: PoolClient, db: EngineDatabase, row: ApprovalRow): Promise<void> {
  await client.query(`INSERT INTO ${db.table('approvals')} (id, account, tenant, subject, state, hashes, held, events, expires_at, look_at, cause)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, hashes = excluded.hashes, held = excluded.held, events = excluded.events, look_at = excluded.look_at`,
  [row.id, row.account, row.tenant, row.subject, row.state, row.hashes, row.held, row.events, row.expiresAt, row.lookAt, JSON.stringify(row.cause)]);
}

/** By resource: what somebody permitted, and what was let go within the window. */
export type Permitted = Map<string, { readonly permits: Set<string>; readonly counted: Set<string> }>;

/** What each of these may take away already: permitted one by one, or let go within the window and not carried out yet. */
export async function readPermitted(client: PoolClient, db: EngineDatabase, account: string, resources: readonly string[], now: number): Promise<Permitted> {
  const { rows } = await client.query<{ resource: string; takes: string[]; counted: boolean }>(
    `SELECT resource, ARRAY[take] AS takes, false AS counted FROM ${db.table('removal_permits')} WHERE resource = ANY($2) AND account IN ('', $1) AND until > $3
     UNION ALL SELECT resource, takes, true FROM ${db.table('removals')} WHERE resource = ANY($2) AND account = $1 AND at > $4`, [account, resources, now, now - WINDOW_MS]);
  const permitted: Permitted = new Map();
  for (const { resource, takes, counted } of rows) {
    const known = permitted.get(resource) ?? { permits: new Set<string>(), counted: new Set<string>() };
    permitted.set(resource, known);
    for (const take of takes) (counted ? known.counted : known.permits).add(take);
  }
  return permitted;
}

export interface Removal {
  readonly tenant: string;
  readonly kind: string;
  readonly resource: string;
  readonly takes: readonly string[];
}

/** Counts what is let go. */
export async function insertRemovals(client: PoolClient, db: EngineDatabase, account: string, now: number, removals: readonly Removal[]): Promise<void> {
  if (removals.length === 0) return;
  await client.query(`INSERT INTO ${db.table('removals')} (account, tenant, kind, resource, takes, at)
    SELECT $1, tenant, kind, resource, ARRAY(SELECT jsonb_array_elements_text(takes)), $2 FROM jsonb_to_recordset($3::jsonb) AS r (tenant text, kind text, resource text, takes jsonb)`,
  [account, now, JSON.stringify(removals)]);
}

/** Holds these for the approval; what one of them waited for before is forgotten. */
export async function holdRemovals(client: PoolClient, db: EngineDatabase, account: string, rows: readonly (Removal & { readonly approval: string; readonly part: number })[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(`INSERT INTO ${db.table('held_removals')} (account, resource, tenant, kind, approval, part, takes)
    SELECT $1, resource, tenant, kind, approval, part, ARRAY(SELECT jsonb_array_elements_text(takes))
    FROM jsonb_to_recordset($2::jsonb) AS r (resource text, tenant text, kind text, approval text, part integer, takes jsonb)
    ON CONFLICT (account, resource) DO UPDATE SET approval = excluded.approval, part = excluded.part, takes = excluded.takes, decided = false, released = false`,
  [account, JSON.stringify(rows)]);
}

export async function readHeld(client: PoolClient, db: EngineDatabase, account: string, resources: readonly string[]): Promise<Map<string, HeldRow>> {
  const { rows } = await client.query<HeldRow>(`SELECT resource, approval, takes FROM ${db.table('held_removals')} WHERE account = $1 AND resource = ANY($2)`, [account, resources]);
  return new Map(rows.map((row) => [row.resource, row]));
}

/** These go, or have nothing left to take away. */
export async function forgetHeld(client: PoolClient, db: EngineDatabase, account: string, resources: readonly string[]): Promise<void> {
  if (resources.length > 0) await client.query(`DELETE FROM ${db.table('held_removals')} WHERE account = $1 AND resource = ANY($2)`, [account, resources]);
}
