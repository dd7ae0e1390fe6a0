import { prepared } from '@wami/event-store';
import type { LogPosition } from '@wami/contracts';
import type { ClientBase } from 'pg';

/** When the events at these places of identity's log happened, as far as they were taken in. */
export async function eventTimes(client: ClientBase, schema: string, positions: readonly LogPosition[]): Promise<ReadonlyMap<LogPosition, string>> {
  const places = positions.filter((position) => /^\d{1,18}\.\d{1,18}$/.test(position)).map((position) => position.split('.'));
  if (places.length === 0) return new Map();
  const { rows } = await client.query<{ position: string; time: string }>(prepared(
    `SELECT e.tx || '.' || e.pos AS position, e.time FROM ${schema}.events e
     JOIN unnest($1::bigint[], $2::bigint[]) AS n(tx, pos) ON e.source = 'identity' AND e.tx = n.tx AND e.pos = n.pos`,
    [places.map(([tx]) => tx), places.map(([, pos]) => pos)]));
  return new Map(rows.map(({ position, time }) => [position, time]));
}
