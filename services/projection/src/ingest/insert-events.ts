import { prepared, together } from '@wami/event-store';
import type { WamiEvent } from '@wami/contracts';
import type { ClientBase } from 'pg';
import type { Ingested } from '../model/read-model';

/**
 * Takes the writer's lock until the transaction ends; the number of the newest event comes back. The lock is none of a row: that would make the
 * transaction a writing one, which holds up every reader of the log on this server from then on.
 */
export async function lockIngest(client: ClientBase, schema: string): Promise<number> {
  const [, { rows }] = await together([
    client.query(prepared('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['wami ingest', schema])),
    client.query<{ seq: number }>(prepared(`SELECT seq FROM ${schema}.ingest`)),
  ]);
  return rows[0]?.seq ?? 0;
}

/** The events with their numbers, on from `last` without a gap. */
export function numberEvents(events: readonly WamiEvent[], last: number): readonly Ingested[] {
  return events.map((event, i) => ({ ...event, seq: last + i + 1 }));
}

/** Stores events that come right behind the newest one, with `personal` as it is given for each: sealed. */
export async function insertEvents(client: ClientBase, schema: string, numbered: readonly Ingested[], personal: readonly unknown[]): Promise<void> {
  const column = <T>(of: (event: Ingested) => T): T[] => numbered.map(of);
  const places = numbered.map(({ position }) => position.split('.'));
  await client.query(prepared(
    `WITH newest AS (UPDATE ${schema}.ingest SET seq = $17)
     INSERT INTO ${schema}.events (seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data, personal, meta)
     SELECT seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data::jsonb, personal::jsonb, meta::jsonb
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::int[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
       AS n(seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data, personal, meta)`,
    [column(({ seq }) => seq), column(({ id }) => id), column(({ source }) => source), places.map(([tx]) => tx), places.map(([, pos]) => pos),
      column(({ type }) => type), column(({ tenant }) => tenant), column(({ key }) => key), column(alsoAbout), column(({ stream }) => stream),
      column(({ version }) => version), column(({ subject }) => subject), column(({ time }) => time), column(({ data }) => JSON.stringify(data)),
      personal.map((sealed) => JSON.stringify(sealed)), column(({ meta }) => JSON.stringify(meta)), numbered.at(-1)?.seq]));
}

/** The other end of a relation: it is part of that one's history too. */
function alsoAbout(event: WamiEvent): string | null {
  return 'groupId' in event.data ? event.data.groupId : null;
}

/** So many are left out, that no number of the time that was lost is ever given to another event. */
const LEFT_OUT = 2 ** 32;

/** Of a copy of the log that was restored: who had read on meanwhile finds everything that comes from now on behind where he was. */
export async function leaveOutNumbers(client: ClientBase, schema: string): Promise<void> {
  await client.query(`UPDATE ${schema}.ingest SET seq = seq + ${LEFT_OUT} WHERE seq > 0`);
}
