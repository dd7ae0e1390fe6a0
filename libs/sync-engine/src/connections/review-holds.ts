import { ASKED_BEFORE, holdsNo, OBSERVE_ONLY, type ConnectionHold } from '../bindings/binding';
import { MAY_GO } from '../bindings/may-go';
import type { EngineDatabase } from '../database/engine-database';
import type { NoConnection } from '../reconcile/open';
import type { Scene } from '../reconcile/pass';

/** Bindings that are looked through by one statement. */
const PAGE = 1_000;
const IN_SCOPE = `(b.wanted OR (b.deleted AND b.presence IS NOT NULL)) AND b.state NOT IN ('Gone', 'None') AND ${MAY_GO}`;

interface Held {
  readonly tenant: string;
  readonly hold: ConnectionHold | null;
}

interface Page {
  readonly held: readonly Held[];
  /** The last resource of it; undefined where no other comes after it. */
  readonly upTo: string | undefined;
}

/** Makes due what a change of the connections lets go on, or stops, but for what a trigger holds; page by page, so that no statement is a long one. */
export async function reviewHolds(db: EngineDatabase, account: string, sceneFor: (tenant: string) => Scene | NoConnection, now: number): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const { held, upTo }: Page = await nextPage(db, account, after);
    const stale = held.filter(({ tenant, hold }) => isStale(hold, sceneFor(tenant)));
    if (stale.length > 0) await release(db, account, stale, { after, upTo }, now);
    after = upTo;
  }
}

async function nextPage(db: EngineDatabase, account: string, after: string): Promise<Page> {
  const { rows } = await db.pool.query<Held & { concerned: boolean; count: number; last: string }>(
    `SELECT b.tenant, b.connection_hold AS hold, ${IN_SCOPE} AS concerned, (sum(count(*)) OVER ())::int AS count, max(max(b.resource)) OVER () AS last
     FROM (SELECT * FROM ${db.bindings.name} WHERE account = $1 AND resource > $2 ORDER BY resource LIMIT ${PAGE}) b GROUP BY 1, 2, 3`, [account, after]);
  return { held: rows.filter(({ concerned }) => concerned), upTo: rows[0]?.count === PAGE ? rows[0].last : undefined };
}

async function release(db: EngineDatabase, account: string, stale: readonly Held[], { after, upTo }: { readonly after: string; readonly upTo: string | undefined }, now: number): Promise<void> {
  await db.transaction((client) => client.query(
    `UPDATE ${db.bindings.name} b SET due_at = $2, lane = CASE WHEN b.due_at IS NULL THEN 1 ELSE b.lane END, generation = b.generation + 1 FROM unnest($3::text[], $4::text[]) AS s (tenant, hold)
     WHERE b.account = $1 AND ${IN_SCOPE} AND b.tenant = s.tenant AND b.connection_hold IS NOT DISTINCT FROM s.hold AND b.resource > $5 AND ($6::text IS NULL OR b.resource <= $6)`,
    [account, now, stale.map(({ tenant }) => tenant), stale.map(({ hold }) => hold), after, upTo ?? null]));
}

function isStale(hold: ConnectionHold | null, scene: Scene | NoConnection): boolean {
  if (hold === ASKED_BEFORE) return false;
  if ('missing' in scene) return hold !== scene.missing;
  const ofKind = scene.capabilities.find(({ kind }) => hold === holdsNo(kind));
  if (ofKind) return ofKind.supported;
  // What agrees already needs no writing, so a connection that may only look holds up nothing of it.
  return hold !== null && !(hold === OBSERVE_ONLY && scene.connection.mode === 'observe');
}
