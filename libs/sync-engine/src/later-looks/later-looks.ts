import { pauseHolding } from '@wami/domain';
import { MAY_GO } from '../bindings/may-go';
import type { EngineDatabase } from '../database/engine-database';
import { readPauses } from '../pauses/standing-pauses';

/** Few enough that whoever has work now does not wait long for its turn at the database. */
const CHUNK = 200;
/** What a pause holds is asked for anew after that. */
const HELD_MS = 60_000;

/** Of a binding `b`, in SQL: it rests as it should be, and nothing is to be done about it but a later look. */
export const AT_REST = `b.due_at IS NULL AND NOT b.claimed AND b.state IN ('Synced', 'Skipped') AND b.wanted AND NOT b.deleted AND b.presence IS NOT NULL AND ${MAY_GO} AND b.plan IS NULL`;

/**
 * Makes due what is looked at once more because something that was sent and never answered may have come about meanwhile. An attempt is still open
 * until then: what that look finds is nobody else's drift. Resolves with the accounts that have work now, or undefined where nothing is left to do.
 */
export function askForLaterLooks(db: EngineDatabase, clock: () => number): Promise<Set<string> | undefined> {
  return db.transaction(async (client) => {
    const now = clock();
    const table = db.bindings.name;
    const bindings = await db.bindings.lock(client,
      `(b.account, b.resource) IN (SELECT b.account, b.resource FROM ${table} b WHERE b.look_at <= $1 AND ${AT_REST} ORDER BY b.look_at LIMIT ${CHUNK}) AND b.look_at <= $1 AND ${AT_REST}`, [now]);
    if (bindings.length === 0) return undefined;
    const pauses = await readPauses(client, db);
    const held = bindings.filter((binding) => pauseHolding(pauses, { ...binding, provider: db.provider }, now) !== undefined);
    const due = bindings.filter((binding) => !held.includes(binding));
    await db.bindings.save(client, [
      ...held.map((binding) => ({ ...binding, lookAt: now + HELD_MS })), ...due.map((binding) => ({ ...binding, unfinished: true, verifySince: now, dueAt: now, lane: 1 as const })),
    ]);
    return new Set(due.map(({ account }) => account));
  });
}
