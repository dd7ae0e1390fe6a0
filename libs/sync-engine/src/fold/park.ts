import { EventSchemaError, parseEvent, upcastEvent, type RecordedEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

/**
 * Puts aside what this release cannot read, and all later events of the same stream, without what is personal (it stands in identity's
 * log); gives the others, each in its newest version.
 */
export async function parkUnreadable(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
  const { rows } = await client.query<{ stream: string }>(`SELECT DISTINCT stream FROM ${db.table('parked')} WHERE stream = ANY($1)`,
    [[...new Set(events.map(({ stream }) => stream))]]);
  const blocked = new Set(rows.map(({ stream }) => stream));
  const parked: { event: RecordedEvent; problem: string }[] = [];
  const readable = events.filter((event) => {
    const problem = blocked.has(event.stream) ? 'an earlier event of the stream is parked' : problemOf(event);
    if (problem === undefined) return true;
    blocked.add(event.stream);
    parked.push({ event, problem });
    return false;
  });
  if (parked.length > 0) await save(client, db, parked);
  return readable.map((event) => upcastEvent(event));
}

function problemOf(event: RecordedEvent): string | undefined {
  try {
    parseEvent(upcastEvent(event));
    return undefined;
  } catch (error) {
    if (error instanceof EventSchemaError) return error.message;
    throw error;
  }
}

async function save(client: PoolClient, db: EngineDatabase, parked: readonly { event: RecordedEvent; problem: string }[]): Promise<void> {
  const rows = parked.map(({ event, problem }) => ({ stream: event.stream, version: event.version, problem, event: { ...event, personal: {} } }));
  await client.query(`INSERT INTO ${db.table('parked')} (stream, version, problem, event)
    SELECT stream, version, problem, event FROM jsonb_to_recordset($1::jsonb) AS r (stream text, version integer, problem text, event jsonb)
    ON CONFLICT DO NOTHING`, [JSON.stringify(rows)]);
}
