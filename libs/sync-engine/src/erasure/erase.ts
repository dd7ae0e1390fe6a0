import { isErasure, withoutPersonal, type RecordedEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { PERSONAL_FIELDS } from '../kinds';

/**
 * Blanks what is kept of the subjects that these events erase: at once all that nobody needs to delete them at their targets, the rest when
 * they are gone from each. To be called when the events are folded.
 */
export async function foldErasures(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<void> {
  const subjects = events.filter(isErasure).map(({ key }) => key);
  if (subjects.length === 0) return;
  await client.query(`UPDATE ${db.table('resources')} SET erased = true, document = document - $2::text[] WHERE id = ANY($1)`, [subjects, PERSONAL_FIELDS]);
  await client.query(`UPDATE ${db.bindings.name} SET erased = true, drift = NULL, presence = CASE WHEN presence IS NOT NULL THEN presence || '{"fields":{}}' END,
    deletion_sent = CASE WHEN state = 'Gone' THEN '{}' ELSE deletion_sent END, called = CASE WHEN state = 'Gone' THEN '{}' ELSE called END WHERE resource = ANY($1)`, [subjects]);
  await client.query(`DELETE FROM ${db.table('plan_operations')} WHERE resource = ANY($1)`, [subjects]);
  await blankParked(client, db, subjects);
  await forget(client, db, subjects);
}

/** They still fit their schemas, where this release knows them. */
async function blankParked(client: PoolClient, db: EngineDatabase, subjects: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ event: RecordedEvent }>(`SELECT event FROM ${db.table('parked')} WHERE key = ANY($1)`, [subjects]);
  for (const { event } of rows) {
    await client.query(`UPDATE ${db.table('parked')} SET event = $3 WHERE stream = $1 AND version = $2`, [event.stream, event.version, JSON.stringify(withoutPersonal(event))]);
  }
}

/** Forgets what these were called, where they are erased and gone from every target that held them. */
export async function forget(client: PoolClient, db: EngineDatabase, resources: readonly string[]): Promise<void> {
  if (resources.length === 0) return;
  await client.query(`UPDATE ${db.table('resources')} r SET document = NULL WHERE id = ANY($1) AND erased AND NOT EXISTS (
    SELECT 1 FROM ${db.bindings.name} b WHERE b.resource = r.id AND b.state <> 'Gone' AND (b.presence IS NOT NULL OR b.unfinished OR b.claimed OR b.held OR b.due_at IS NOT NULL))`,
  [resources]);
}
