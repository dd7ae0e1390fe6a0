import type { RecordedEvent, RecordedPauseEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import type { KnownPause } from './standing-pauses';

type Started = Extract<RecordedPauseEvent, { type: 'wami.pause.started.v1' }>;
type Ended = Extract<RecordedPauseEvent, { type: 'wami.pause.ended.v1' }>;

/** Keeps what pauses say, as far as it concerns this provider; to be called before anything of a binding is locked. Resolves with those that began. */
export async function foldPauses(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<readonly KnownPause[]> {
  const started = events.filter((event): event is Started => event.type === 'wami.pause.started.v1').map(toPause)
    .filter(({ provider }) => provider === undefined || provider === db.provider);
  const ended = events.filter((event): event is Ended => event.type === 'wami.pause.ended.v1');
  if (started.length > 0) {
    await client.query(`INSERT INTO ${db.table('pauses')} (id, tenant, provider, account, resource, until, started_at)
      SELECT id, tenant, provider, account, resource, until, to_timestamp("startedAt" / 1000.0)
      FROM jsonb_to_recordset($1::jsonb) AS p (id text, tenant text, provider text, account text, resource text, until timestamptz, "startedAt" bigint)
      ON CONFLICT (id) DO NOTHING`, [JSON.stringify(started)]);
  }
  if (ended.length > 0) {
    // In the order of their ids, as who holds them takes them.
    await client.query(`SELECT id FROM ${db.table('pauses')} WHERE id = ANY($1) ORDER BY id FOR UPDATE`, [ended.map(({ stream }) => stream)]);
    await client.query(`UPDATE ${db.table('pauses')} p SET ended = e.cause FROM jsonb_to_recordset($1::jsonb) AS e (id text, cause jsonb) WHERE p.id = e.id`,
      [JSON.stringify(ended.map((event) => ({ id: event.stream, cause: causedBy(event) })))]);
  }
  return started.filter(({ id }) => !ended.some(({ stream }) => stream === id));
}

function toPause({ stream, tenant, time, data }: Started): KnownPause {
  return { id: stream, tenant, ...data, startedAt: Date.parse(time) };
}
