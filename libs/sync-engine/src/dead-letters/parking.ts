import { parseWamiEvent, type RecordedEvent } from '@wami/contracts';
import { BEHIND, lineOf, Sieve } from '@wami/event-log';
import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { tell } from './report';

/** Which lines of a batch are closed, and what of it is put aside: what this release cannot read or fold, and the later events of the same key. */
export class Parking extends Sieve<RecordedEvent> {
  private constructor(closed: Iterable<string>) {
    super(parseWamiEvent, closed);
  }

  /** For a batch of the log: which of its lines are closed, and which of its events were not parked or skipped before. */
  static async open(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<{ parking: Parking; fresh: readonly RecordedEvent[] }> {
    const { rows } = await client.query<{ id: string; key: null } | { id: null; key: string }>(prepared(
      `SELECT id, NULL AS key FROM ${db.table('parked')} WHERE id = ANY($1::text[])
       UNION ALL SELECT DISTINCT NULL, key FROM ${db.table('parked')} WHERE key = ANY($2::text[]) AND skipped_at IS NULL`,
      [events.map(({ id }) => id), [...new Set(events.map(({ key }) => key))]]));
    const source = events[0]?.source ?? '';
    const known = new Set(rows.map(({ id }) => id));
    return { parking: new Parking(rows.flatMap(({ key }) => (key === null ? [] : [lineOf({ source, key })]))), fresh: rows.length === 0 ? events : events.filter(({ id }) => !known.has(id)) };
  }

  /** As they came: sealed. And tells of them. */
  async save(client: PoolClient, db: EngineDatabase, atRest: readonly RecordedEvent[]): Promise<void> {
    const originals = new Map(atRest.map((event) => [event.id, event]));
    const rows = this.parked.map(({ event: { id }, reason }) => ({ event: originals.get(id), reason })).flatMap(({ event, reason }) => (event ? [{ event, reason, attempts: reason === BEHIND ? 0 : 1 }] : []));
    await client.query(`INSERT INTO ${db.table('parked')} (id, key, stream, version, problem, attempts, told, event)
      SELECT id, key, stream, version, problem, attempts, true, event FROM ROWS FROM (jsonb_to_recordset($1::jsonb)
        AS (id text, key text, stream text, version integer, problem text, attempts integer, event jsonb)) WITH ORDINALITY AS r (id, key, stream, version, problem, attempts, event, n) ORDER BY n`,
    [JSON.stringify(rows.map(({ event, reason, attempts }) => ({ id: event.id, key: event.key, stream: event.stream, version: event.version, problem: reason, attempts, event })))]);
    await tell(client, db, rows.map(({ event, reason, attempts }) => ({ event, state: 'parked', reason, attempts })));
  }
}
