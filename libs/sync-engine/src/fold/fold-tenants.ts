import { LOG_START, type EventMeta, type RecordedEvent, type RecordedTenantEvent, type SyncOperation } from '@wami/contracts';
import { sameJson, turnedOff } from '@wami/domain';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from './fold-resources';
import type { TenantRow } from './settings';

/** A subtree whose resources have to be looked at again, because what is wanted of them may have changed. */
interface Review {
  readonly path: string;
  readonly retag: boolean;
  /** See `Occasion.stopped`. */
  readonly stopped: readonly SyncOperation[];
  readonly cause: EventMeta;
}

/** Folds the events of tenants and notes which subtrees have to be reviewed. */
export async function foldTenants(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<void> {
  const about = events.filter(({ type }) => type.startsWith('wami.tenant.')) as RecordedTenantEvent[];
  if (about.length === 0) return;
  const { rows } = await client.query<TenantRow>(`SELECT id, path, gone, config, intent FROM ${db.table('tenants')} WHERE id = ANY($1)`,
    [about.map(({ stream }) => stream)]);
  const tenants = new Map(rows.map((row) => [row.id, row]));
  const reviews: Review[] = [];
  for (const event of about) {
    const before = tenants.get(event.stream) ?? { id: event.stream, path: event.tenant, gone: false, config: {}, intent: LOG_START };
    const after = evolveTenant(before, event);
    tenants.set(event.stream, after);
    const review = reviewAfter(before, after, event);
    if (review) reviews.push(review);
  }
  await saveTenants(client, db, [...tenants.values()]);
  await saveReviews(client, db, reviews);
}

/** Pure. */
export function evolveTenant(before: TenantRow, event: RecordedTenantEvent): TenantRow {
  switch (event.type) {
    case 'wami.tenant.created.v1': return { ...before, path: event.data.path, intent: event.position };
    case 'wami.tenant.sync-configured.v2': return { ...before, config: event.data.config, intent: event.position };
    case 'wami.tenant.deleted.v1': return { ...before, gone: true };
    case 'wami.tenant.updated.v1':
    case 'wami.tenant.deletion-requested.v1': return before;
  }
}

function reviewAfter(before: TenantRow, after: TenantRow, event: RecordedTenantEvent): Review | undefined {
  const retag = !sameJson([before.config.tags, before.config.direction], [after.config.tags, after.config.direction]);
  const sameWishes = sameJson([before.config.providers, before.config.triggers], [after.config.providers, after.config.triggers]);
  const changed = event.type === 'wami.tenant.created.v1' || retag || !sameWishes;
  return changed ? { path: after.path, retag, stopped: turnedOff(before.config.triggers, after.config.triggers), cause: causedBy(event) } : undefined;
}

async function saveTenants(client: PoolClient, db: EngineDatabase, tenants: readonly TenantRow[]): Promise<void> {
  await client.query(`INSERT INTO ${db.table('tenants')} (id, path, gone, config, intent)
    SELECT id, path, gone, config, intent FROM jsonb_to_recordset($1::jsonb) AS r (id text, path text, gone boolean, config jsonb, intent text)
    ON CONFLICT (id) DO UPDATE SET path = excluded.path, gone = excluded.gone, config = excluded.config, intent = excluded.intent`, [JSON.stringify(tenants)]);
}

/** Only where something lives below; a review that is under way begins anew. */
async function saveReviews(client: PoolClient, db: EngineDatabase, reviews: readonly Review[]): Promise<void> {
  if (reviews.length === 0) return;
  const last = new Map<string, Review>();
  for (const review of reviews) {
    const before = last.get(review.path);
    last.set(review.path, { ...review, retag: review.retag || (before?.retag ?? false), stopped: [...before?.stopped ?? [], ...review.stopped] });
  }
  await client.query(`INSERT INTO ${db.table('reviews')} AS known (path, cursor, retag, stopped, cause)
    SELECT path, '', retag, stopped, cause FROM jsonb_to_recordset($1::jsonb) AS r (path text, retag boolean, stopped jsonb, cause jsonb)
    WHERE EXISTS (SELECT 1 FROM ${db.table('resources')} WHERE tenant = r.path OR (tenant ~>=~ (r.path || '/') AND tenant ~<~ (r.path || '0')))
    ON CONFLICT (path) DO UPDATE SET cursor = '', retag = known.retag OR excluded.retag, stopped = known.stopped || excluded.stopped, cause = excluded.cause`, [JSON.stringify([...last.values()])]);
}

/** Names of all providers that a tenant asks for. */
export async function providersAskedFor(db: EngineDatabase): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ provider: string }>(
    `SELECT DISTINCT target->>'provider' AS provider FROM ${db.table('tenants')}, jsonb_array_elements(config->'providers') AS target WHERE NOT gone ORDER BY 1`);
  return rows.map(({ provider }) => provider);
}
