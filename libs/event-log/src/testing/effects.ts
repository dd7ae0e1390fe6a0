import { inTransaction } from '@wami/event-store';
import { escapeIdentifier, type Pool } from 'pg';
import type { EventBatch } from '../event-log';

/** What a handler's effects look like against the log: all three 0 where each event had its effect once and in order. */
export interface Verdict {
  readonly events: number;
  readonly effects: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly inversions: number;
}

export async function migrateEffects(pool: Pool, schema: string): Promise<void> {
  await pool.query(`CREATE TABLE ${escapeIdentifier(schema)}.effects (
    seq bigint GENERATED ALWAYS AS IDENTITY, group_name text, source text, event_id text, stream text, version int)`);
}

/** When a handler dies: before its transaction began to save the position, before it commits, or after it committed. */
export type Crash = 'before position' | 'before commit' | 'after commit';

export class CrashedOnPurpose extends Error {}

/** A handler that writes one row per event and the position in one transaction, and dies where it is told to. */
export function writesEffects(pool: Pool, schema: string, group: string, crash: () => Crash | undefined = () => undefined) {
  return async (batch: EventBatch): Promise<void> => {
    const where = crash();
    const dieAt = (place: Crash): void => {
      if (where === place) throw new CrashedOnPurpose(place);
    };
    await inTransaction(pool, async (client) => {
      await client.query(
        `INSERT INTO ${escapeIdentifier(schema)}.effects (group_name, source, event_id, stream, version)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::int[])`,
        [group, batch.events.map((event) => event.source), batch.events.map((event) => event.id), batch.events.map((event) => event.stream),
          batch.events.map((event) => event.version)],
      );
      dieAt('before position');
      await batch.savePosition(client);
      dieAt('before commit');
    });
    dieAt('after commit');
  };
}

export async function judge(pool: Pool, effects: string, group: string, sources: readonly { source: string; schema: string }[]): Promise<Verdict> {
  const all = sources.map(({ schema }) => `SELECT event_id FROM ${escapeIdentifier(schema)}.events`).join(' UNION ALL ');
  const { rows: [row] } = await pool.query<Record<keyof Verdict, number>>(
    `WITH log AS (${all}), done AS (SELECT * FROM ${escapeIdentifier(effects)}.effects WHERE group_name = $1)
     SELECT (SELECT count(*) FROM log)::int AS events, (SELECT count(*) FROM done)::int AS effects,
       (SELECT count(*) FROM log WHERE event_id NOT IN (SELECT event_id FROM done))::int AS lost,
       (SELECT count(*) - count(DISTINCT event_id) FROM done)::int AS duplicated,
       (SELECT count(*) FROM (SELECT version < lag(version) OVER (PARTITION BY source, stream ORDER BY seq) AS back FROM done) o WHERE back)::int AS inversions`,
    [group],
  );
  if (!row) throw new Error('no verdict');
  return row;
}
