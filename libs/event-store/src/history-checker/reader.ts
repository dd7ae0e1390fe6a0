import type { RecordedEvent } from '@wami/contracts';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { readLogPage } from '../read/read-log';
import { rewriting, type Scenario } from './scenario';

const LIMIT = 100;

class Killed extends Error {}

export async function prepareReader({ pool, readerSchema }: Scenario): Promise<void> {
  await pool.query(`
    CREATE SCHEMA ${readerSchema};
    CREATE TABLE ${readerSchema}.effects (seq bigint GENERATED ALWAYS AS IDENTITY, event_id text NOT NULL, stream_id text NOT NULL, version integer NOT NULL);
    CREATE TABLE ${readerSchema}.model (stream_id text PRIMARY KEY, fold text NOT NULL);
    CREATE TABLE ${readerSchema}.checkpoint (place text NOT NULL);
    INSERT INTO ${readerSchema}.checkpoint VALUES ('0.0')`);
}

/** The read model of a stream: any change of order, any loss and any repetition gives another one. */
export function fold(state: string | undefined, event: Pick<RecordedEvent, 'id' | 'version'>): string {
  return createHash('sha256').update(`${state ?? ''} ${event.version} ${event.id}`).digest('hex').slice(0, 16);
}

/** Tails the log, is killed at random, comes back. Resolves with the number of kills once `done` holds and nothing is left to read. */
export async function runReader(scenario: Scenario, done: () => boolean): Promise<number> {
  let kills = 0;
  for (;;) {
    const client = await scenario.pool.connect();
    try {
      await tail(scenario, client, done);
      client.release();
      return kills;
    } catch (error) {
      client.release(true);
      if (!(error instanceof Killed)) throw error;
      kills++;
    }
  }
}

function mayDie({ random }: Scenario, probability = 0.1): void {
  if (random() < probability) throw new Killed('killed');
}

async function tail(scenario: Scenario, client: PoolClient, done: () => boolean): Promise<void> {
  const { rows: [saved] } = await client.query<{ place: string }>(`SELECT place FROM ${scenario.readerSchema}.checkpoint`);
  let place = saved?.place ?? '0.0';
  for (;;) {
    const writersDone = done();
    const page = await readLogPage(rewriting(client, scenario.throughReader), scenario.store, place, LIMIT);
    if (page.events.length === 0) {
      if (writersDone) return;
      await pause(2);
      continue;
    }
    mayDie(scenario);
    await client.query('BEGIN');
    await apply(scenario, client, page.events);
    if (scenario.checkpointOutside) {
      await client.query('COMMIT');
      mayDie(scenario, 0.5);
      await savePlace(scenario, client, page.next);
    } else {
      await savePlace(scenario, client, page.next);
      mayDie(scenario);
      await client.query('COMMIT');
    }
    mayDie(scenario);
    place = page.next;
  }
}

async function savePlace({ readerSchema }: Scenario, client: PoolClient, place: string): Promise<void> {
  await client.query(`UPDATE ${readerSchema}.checkpoint SET place = $1`, [place]);
}

async function apply({ readerSchema }: Scenario, client: PoolClient, events: readonly RecordedEvent[]): Promise<void> {
  const columns = [events.map(({ id }) => id), events.map(({ stream }) => stream), events.map(({ version }) => version)];
  await client.query(
    `INSERT INTO ${readerSchema}.effects (event_id, stream_id, version) SELECT * FROM unnest($1::text[], $2::text[], $3::integer[])`, columns);
  const { rows } = await client.query<{ stream_id: string; fold: string }>(`SELECT * FROM ${readerSchema}.model WHERE stream_id = ANY($1)`, [columns[1]]);
  const model = new Map(rows.map((row) => [row.stream_id, row.fold]));
  for (const event of events) model.set(event.stream, fold(model.get(event.stream), event));
  await client.query(
    `INSERT INTO ${readerSchema}.model SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (stream_id) DO UPDATE SET fold = excluded.fold`,
    [[...model.keys()], [...model.values()]]);
}
