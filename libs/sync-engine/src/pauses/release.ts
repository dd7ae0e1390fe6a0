import type { EventMeta } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import { changeOf } from '../fold/reconsider';
import { loadResources } from '../fold/resource';
import { wakePaused } from '../record/wake';

/** Few enough that whoever has work now does not wait long for its turn at the database. */
const CHUNK = 200;

/**
 * Makes due again the next of what an ended pause had laid aside, each as urgent as it was, and says so; forgets pauses that hold nothing
 * any more. A crash resumes where the last chunk ended. Resolves with the accounts that have work now, or undefined where nothing is left to do.
 * What lies aside for a pause that ends by itself is due then, without this.
 */
export function releaseNext(db: EngineDatabase, now: () => number): Promise<Set<string> | undefined> {
  return db.transaction(async (client) => {
    const { rows: [over] } = await client.query<{ id: string; cause: EventMeta }>(
      `SELECT id, ended AS cause FROM ${db.table('pauses')} WHERE ended IS NOT NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`);
    if (!over) return forgetOver(client, db, now());
    const bindings = await db.bindings.lock(client,
      `(b.account, b.resource) IN (SELECT account, resource FROM ${db.bindings.name} WHERE paused_by = $1 ORDER BY account, resource LIMIT ${CHUNK})`, [over.id]);
    if (bindings.length === 0) await client.query(`DELETE FROM ${db.table('pauses')} WHERE id = $1`, [over.id]);
    const released = bindings.filter(({ pausedBy }) => pausedBy === over.id);
    const resources = await loadResources(client, db, released.map(({ resource }) => resource));
    await db.write(client, released.map((binding) => changeOf(
      db.provider, { binding: again(binding, now(), over.cause), requested: true }, resources.get(binding.resource) ?? { version: 0 })));
    return new Set([...released.map(({ account }) => account), ...await wakePaused(client, db, released, now())]);
  });
}

/** Due for a pause that is over. Pure. */
export function again(binding: Binding, now: number, cause: EventMeta): Binding {
  return { ...binding, pausedBy: null, dueAt: now, generation: binding.generation + 1, state: 'Pending', errorCode: null, cause };
}

/** Identity ends what is over with an event of its own; until then nobody has to ask for it. */
async function forgetOver(client: PoolClient, db: EngineDatabase, now: number): Promise<undefined> {
  await client.query(`DELETE FROM ${db.table('pauses')} WHERE until <= to_timestamp($1 / 1000.0)`, [now]);
}
