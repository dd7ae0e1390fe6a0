import type { Pool } from 'pg';
import { ProblemError } from '@wami/platform';
import type { EventsFilter, EventsQueries } from '../events/events.query';

/**
 * The number of the last event up to a position or a time: of a time, the last that was taken in before the first one that happened later.
 * @throws ProblemError ValidationFailed
 */
export async function numberOfEnd(parts: { readonly pool: Pool; readonly schema: string; readonly events: EventsQueries }, until: string | undefined, filter: EventsFilter): Promise<number> {
  const { pool, schema, events } = parts;
  const head = await events.head();
  if (until === undefined) return head;
  if (!RFC3339.test(until)) return Math.min(head, await events.start(until, filter).catch(() => { throw unclear(); }));
  const time = new Date(until);
  if (Number.isNaN(time.getTime())) throw unclear();
  const { rows: [later] } = await pool.query<{ seq: number }>(`SELECT seq FROM ${schema}.events WHERE time > $1 AND seq <= $2 ORDER BY seq LIMIT 1`, [time.toISOString(), head]);
  return later === undefined ? head : later.seq - 1;
}

/**
 * The same for a fold of what was wanted then. Sources are taken in side by side: where identity said something before that time which was taken in behind
 * what happened after it, no place in the log is that time. @throws ProblemError ValidationFailed
 */
export async function placeOf(parts: Parameters<typeof numberOfEnd>[0], until: string | undefined): Promise<number> {
  const { pool, schema, events } = parts;
  const end = await numberOfEnd(parts, until, { scope: '' });
  if (until === undefined || !RFC3339.test(until)) return end;
  const { rowCount } = await pool.query(`SELECT FROM ${schema}.events WHERE seq > $2 AND seq <= $3 AND time <= $1 AND source = 'identity' LIMIT 1`, [new Date(until).toISOString(), end, await events.head()]);
  if (rowCount === 0) return end;
  const detail = 'is no place in the log: what happened before was taken in behind what happened later. Name a position, or a time at which less happened';
  throw new ProblemError('ValidationFailed', { detail: `until ${detail}`, errors: [{ pointer: '/until', code: 'Invalid', detail }] });
}

const RFC3339 = /^\d{4}-\d\d-\d\d/;

function unclear(): ProblemError {
  const detail = 'must be a position of an answer, or a time like 2027-01-31T12:00:00Z';
  return new ProblemError('ValidationFailed', { detail: `until ${detail}`, errors: [{ pointer: '/until', code: 'Invalid', detail }] });
}
