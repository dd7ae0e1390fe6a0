import { parseWamiEvent, type RecordedEvent, type WamiEvent } from '@wami/contracts';
import { BEHIND, lineOf, Sieve, type Parked } from '@wami/event-log';
import { prepared } from '@wami/event-store';
import type { ClientBase } from 'pg';
import type { OpenedPage } from './opening';

/** Which lines of a batch are closed, and what is put aside. */
export class Parking extends Sieve<WamiEvent> {
  private constructor(closed?: Iterable<string>) {
    super(parseWamiEvent, closed);
  }

  /** No line is closed. */
  static afresh(): Parking {
    return new Parking();
  }

  /** For a batch of the log: which of its lines are closed, and which of its events were not taken in or parked before; a transport may repeat. */
  static async open(client: ClientBase, schema: string, events: readonly RecordedEvent[]): Promise<{ parking: Parking; fresh: readonly RecordedEvent[] }> {
    const { rows } = await client.query<{ known: string; source: null } | { known: null; source: string; key: string }>(prepared(
      `SELECT id AS known, NULL AS source, NULL AS key FROM ${schema}.events WHERE id = ANY($1::text[])
       UNION ALL SELECT id, NULL, NULL FROM ${schema}.parked WHERE id = ANY($1::text[])
       UNION ALL SELECT DISTINCT NULL, p.source, p.key FROM ${schema}.parked p JOIN unnest($2::text[], $3::text[]) AS n(source, key) USING (source, key)
       WHERE p.skipped_at IS NULL`,
      [events.map(({ id }) => id), events.map(({ source }) => source), events.map(({ key }) => key)]));
    const known = new Set(rows.map((row) => row.known));
    const parking = new Parking(rows.flatMap((row) => (row.known === null ? [lineOf(row)] : [])));
    return { parking, fresh: events.filter(({ id }) => !known.has(id)) };
  }

  /** As they came: sealed. */
  async save(client: ClientBase, schema: string, opened: OpenedPage): Promise<void> {
    const { parked } = this;
    if (parked.length === 0) return;
    const column = <T>(of: (event: RecordedEvent) => T): T[] => parked.map(({ event }) => of(event));
    await client.query(
      `INSERT INTO ${schema}.parked (id, source, key, type, tenant, reason, event)
       SELECT id, source, key, type, tenant, reason, event::jsonb
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS n(id, source, key, type, tenant, reason, event)`,
      [column(({ id }) => id), column(({ source }) => source), column(({ key }) => key), column(({ type }) => type), column(({ tenant }) => tenant),
        parked.map(({ reason }) => reason), column((event) => JSON.stringify(opened.original(event)))]);
  }
}

/** After parked events were tried again: the others are parked no more; of those that are left, those that were tried themselves say why now. */
export async function keepParked(client: ClientBase, schema: string, tried: readonly { readonly number: number; readonly event: RecordedEvent }[], left: readonly Parked[]): Promise<void> {
  const stay = new Set(left.map(({ event }) => event.id));
  await client.query(`DELETE FROM ${schema}.parked WHERE number = ANY($1::bigint[])`, [tried.filter(({ event }) => !stay.has(event.id)).map(({ number }) => number)]);
  const refused = left.filter(({ reason }) => reason !== BEHIND);
  await client.query(`UPDATE ${schema}.parked p SET reason = n.reason, attempts = attempts + 1, tried_at = now() FROM unnest($1::text[], $2::text[]) AS n(id, reason) WHERE p.id = n.id`,
    [refused.map(({ event }) => event.id), refused.map(({ reason }) => reason)]);
}
