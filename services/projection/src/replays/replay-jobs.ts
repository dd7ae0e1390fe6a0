import { encodePosition, type EventReplay } from '@wami/contracts';
import { newId } from '@wami/platform';
import type { ClientBase, Pool } from 'pg';
import type { EventsFilter } from '../events/events.query';
import { eventsPosition } from '../position/applied';

export interface ReplayJob {
  readonly job: string;
  readonly topic: string;
  readonly filter: EventsFilter;
  /** At most so many events are sent. */
  readonly most: number | null;
  /** Begins behind this event's number. */
  readonly after: number;
  /** Everything up to here is sent. */
  readonly at: number;
  readonly upto: number;
  readonly sent: number;
  readonly state: EventReplay['state'];
  readonly error: string | null;
  readonly actor: string;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}
export type ReplayAsked = Pick<ReplayJob, 'topic' | 'filter' | 'most' | 'after' | 'upto' | 'actor'>;

type Db = Pick<Pool | ClientBase, 'query'>;
const COLUMNS = 'job, topic, filter, most, after, at, upto, sent, state, error, actor, created_at, finished_at';

export async function requestReplay(db: Db, schema: string, { topic, filter, most, after, upto, actor }: ReplayAsked): Promise<ReplayJob> {
  const { rows: [made] } = await (db as Pool).query<ReplayJob>(
    `INSERT INTO ${schema}.replays (job, topic, filter, most, after, at, upto, actor) VALUES ($1, $2, $3, $4, $5, $5, $6, $7) RETURNING ${COLUMNS}`,
    [newId('job'), topic, JSON.stringify(filter), most, after, Math.max(after, upto), actor]);
  if (!made) throw new Error('no replay was made');
  return made;
}

/** Those that are not over, the oldest first. */
export async function runningReplays(db: Db, schema: string): Promise<readonly ReplayJob[]> {
  const { rows } = await (db as Pool).query<ReplayJob>(`SELECT ${COLUMNS} FROM ${schema}.replays WHERE state = 'running' ORDER BY created_at, job`);
  return rows;
}

export async function newestReplays(db: Db, schema: string, limit: number): Promise<readonly ReplayJob[]> {
  const { rows } = await (db as Pool).query<ReplayJob>(`SELECT ${COLUMNS} FROM ${schema}.replays ORDER BY created_at DESC, job LIMIT $1`, [limit]);
  return rows;
}

/** Notes that everything up to `at` is sent, `sent` events more; undefined where it was cancelled meanwhile. */
export async function moveReplay(db: Db, schema: string, { job, at, sent, done }: { readonly job: string; readonly at: number; readonly sent: number; readonly done: boolean }): Promise<ReplayJob | undefined> {
  const { rows: [moved] } = await (db as Pool).query<ReplayJob>(
    `UPDATE ${schema}.replays SET at = $2, sent = sent + $3, error = NULL, state = CASE WHEN $4 THEN 'done' ELSE state END, finished_at = CASE WHEN $4 THEN now() END
       WHERE job = $1 AND state = 'running' RETURNING ${COLUMNS}`, [job, at, sent, done]);
  return moved;
}

/** Notes what it waits for. */
export async function holdReplay(db: Db, schema: string, job: string, error: string): Promise<void> {
  await (db as Pool).query(`UPDATE ${schema}.replays SET error = $2 WHERE job = $1 AND state = 'running'`, [job, error]);
}

/** As it is then; one that was over stays as it was. Undefined where there is none. */
export async function cancelReplay(db: Db, schema: string, job: string): Promise<ReplayJob | undefined> {
  await (db as Pool).query(`UPDATE ${schema}.replays SET state = 'cancelled', finished_at = now() WHERE job = $1 AND state = 'running'`, [job]);
  const { rows: [found] } = await (db as Pool).query<ReplayJob>(`SELECT ${COLUMNS} FROM ${schema}.replays WHERE job = $1`, [job]);
  return found;
}

export function toReplay({ job, topic, filter: { scope, types, resource }, most, after, at, upto, sent, state, error, actor, created_at, finished_at }: ReplayJob): EventReplay {
  return {
    job, topic, state, ...(types ? { types: [...types] } : {}), ...(scope === '' ? {} : { tenant: scope }), ...(resource === undefined ? {} : { resource }), ...(most === null ? {} : { limit: most }),
    sent, looked: at - after, total: upto - after, position: encodePosition(eventsPosition(at)), ...(error === null ? {} : { error }), actor,
    createdAt: created_at.toISOString(), ...(finished_at === null ? {} : { finishedAt: finished_at.toISOString() }),
  };
}
