import type { RecordedDeadLetterEvent, RecordedEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { tell } from './report';

/** Which lines are to be tried again: `all`, or those of these keys. */
export type Lines = 'all' | ReadonlySet<string>;

export const isDeadLetterRequest = (event: RecordedEvent): event is RecordedDeadLetterEvent => event.type === 'wami.dead-letters.requested.v1';

/** Leaves out for good what is to be skipped, and resolves with the lines that are to be tried after the commit. */
export async function noteRequests(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<Lines> {
  const lines = new Set<string>();
  let all = false;
  for (const event of events.filter(isDeadLetterRequest)) {
    const { verb, provider, event: parked } = event.data;
    if (provider !== undefined && provider !== db.provider) continue;
    if (parked === undefined) all ||= verb === 'retry';
    else for (const key of verb === 'skip' ? await skip(client, db, event, parked) : await lineOfParked(client, db, parked)) lines.add(key);
  }
  return all ? 'all' : lines;
}

async function lineOfParked(client: PoolClient, db: EngineDatabase, id: string): Promise<string[]> {
  const { rows } = await client.query<{ key: string }>(`SELECT key FROM ${db.table('parked')} WHERE id = $1 AND skipped_at IS NULL`, [id]);
  return rows.map(({ key }) => key);
}

async function skip(client: PoolClient, db: EngineDatabase, request: RecordedDeadLetterEvent, id: string): Promise<string[]> {
  const { rows } = await client.query<{ key: string; event: RecordedEvent; problem: string; attempts: number }>(
    `UPDATE ${db.table('parked')} SET skipped_at = now() WHERE id = $1 AND skipped_at IS NULL RETURNING key, event, problem, attempts`, [id]);
  const why = request.data.reason ?? '';
  await tell(client, db, rows.map(({ event, problem, attempts }) => ({ event, state: 'skipped', reason: problem, attempts, by: request.meta.actor, why, cause: causedBy(request) })));
  return rows.map(({ key }) => key);
}
