import { REASON_HELP } from '@wami/contracts';
import type { KindCapability } from '@wami/provider-port';
import { ASKED_BEFORE } from '../bindings/binding';
import { MAY_GO } from '../bindings/may-go';
import type { EngineDatabase } from '../database/engine-database';
import { quoteIdentifier } from '../database/identifier';
import { KINDS } from '../kinds';
import { digest } from '../plans/fingerprint';

/** Bindings that are made due by one statement. */
const PAGE = 1_000;

/** Kinds whose making tells a secret, to whoever asked at the time. */
const ISSUED = KINDS.filter(({ belongsTo }) => belongsTo !== undefined).map(({ kind }) => kind);
/** Of those one (`b`) that was never made. */
const UNMADE = '(b.kind = ANY($3) AND b.presence IS NULL AND NOT b.unfinished AND NOT b.deleted)';
/** What an adapter says itself, or that it cannot hold the kind, is none of these letter for letter. */
const OTHER_REASONS = Object.keys(REASON_HELP);

/**
 * What was skipped is looked at once more where the adapter can hold something else than when the engine was started last: another release of it may hold
 * what was left out. What would tell a secret is not made of itself so: it is marked (`ASKED_BEFORE`), and one that is left out for what stands at the target, or with its owner,
 * is not looked at. Begun anew where a process dies on the way.
 */
export async function reviewSkipped(db: EngineDatabase, capabilities: readonly KindCapability[], now: number): Promise<void> {
  const present = digest(capabilities);
  const { rows: [known] } = await db.pool.query<{ digest: string }>(`SELECT digest FROM ${db.table('capabilities')}`);
  if (known?.digest === present) return;
  for (let after: string | undefined = ''; after !== undefined;) after = await makeDue(db, after, now);
  await db.transaction(async (client) => {
    await client.query(`DELETE FROM ${db.table('capabilities')}`);
    await client.query(`INSERT INTO ${db.table('capabilities')} (digest) VALUES ($1)`, [present]);
  });
}

/** The last resource that was looked through; undefined where no other comes after it. */
async function makeDue(db: EngineDatabase, after: string, now: number): Promise<string | undefined> {
  const said = `(SELECT e.data->>'reason' FROM ${quoteIdentifier(db.schema)}.events e WHERE e.stream_id = ($5::text || '/' || b.account || '/' || b.resource) COLLATE "C" AND e.version = b.stream_version)`;
  const { rows: [page] } = await db.pool.query<{ last: string | null }>(
    `WITH page AS (SELECT DISTINCT resource FROM ${db.bindings.name} WHERE state = 'Skipped' AND resource > $1 ORDER BY resource LIMIT ${PAGE}),
      due AS (UPDATE ${db.bindings.name} b SET due_at = $2, lane = CASE WHEN b.due_at IS NULL THEN 1 ELSE b.lane END, generation = b.generation + 1, connection_hold = CASE WHEN ${UNMADE} THEN $6 END
        WHERE b.resource IN (SELECT resource FROM page) AND b.state = 'Skipped' AND b.connection_hold IS NULL AND ${MAY_GO} AND (NOT ${UNMADE} OR (b.waiting_for IS NULL AND ${said} <> ALL($4))))
    SELECT max(resource) AS last FROM page`, [after, now, ISSUED, OTHER_REASONS, db.provider, ASKED_BEFORE]);
  return page?.last ?? undefined;
}
