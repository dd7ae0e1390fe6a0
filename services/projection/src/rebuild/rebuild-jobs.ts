import { newId } from '@wami/platform';
import type { ClientBase, Pool } from 'pg';
import type { ReadModel } from '../model/read-model';

export type RebuildPhase = 'waiting' | 'first' | 'keys' | 'indexes' | 'catch-up' | 'done' | 'failed';

/** Makes new tables, goes back to those that were kept at the last swap, or makes tables of their own of the events up to a number, which are swapped in by nobody. */
export type RebuildVerb = 'rebuild' | 'rollback' | 'replay';

export interface RebuildJob {
  readonly job: string;
  readonly verb: RebuildVerb;
  readonly models: readonly string[];
  /** Of the models' folds, in their order: only a release that has these does the job. */
  readonly versions: readonly number[];
  readonly phase: RebuildPhase;
  /** Events up to this number are written key by key, later ones in their order. */
  readonly upto: number;
  /** Keys up to this one are written. */
  readonly cursor_key: string;
  readonly events: number;
  readonly total: number;
  readonly error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

type Db = Pick<Pool | ClientBase, 'query'>;

const COLUMNS = 'job, verb, models, versions, phase, upto, cursor_key, events, total, error, created_at, finished_at';

const includes = ({ models, versions }: RebuildJob, { name, version }: ReadModel): boolean => versions[models.indexOf(name)] === version;

export async function unfinished(db: Db, schema: string): Promise<readonly RebuildJob[]> {
  const { rows } = await (db as Pool).query<RebuildJob>(`SELECT ${COLUMNS} FROM ${schema}.rebuilds WHERE phase NOT IN ('done', 'failed') ORDER BY created_at, job`);
  return rows;
}

/** A job for these models; where an unfinished one of its kind includes them all, that one. A replay ends with the event `upto`. */
export async function requestRebuild(db: Db, schema: string, models: readonly ReadModel[], verb: RebuildVerb = 'rebuild', upto = 0): Promise<string> {
  const running = (await unfinished(db, schema)).find((one) => one.verb === verb && (verb !== 'replay' || one.upto === upto) && models.every((model) => includes(one, model)));
  if (running) return running.job;
  const job = newId('job');
  await (db as Pool).query(`INSERT INTO ${schema}.rebuilds (job, models, versions, phase, verb, upto) VALUES ($1, $2, $3, 'waiting', $4, $5)`,
    [job, models.map(({ name }) => name), models.map(({ version }) => version), verb, upto]);
  return job;
}

/** The oldest unfinished job that a release with these models can do. */
export async function nextRebuild(db: Db, schema: string, models: readonly ReadModel[]): Promise<RebuildJob | undefined> {
  return (await unfinished(db, schema)).find((job) => modelsOf(job, models).length === job.models.length);
}

export const modelsOf = (job: RebuildJob, models: readonly ReadModel[]): readonly ReadModel[] => models.filter((model) => includes(job, model));

/** Jobs that only an older release could have done come to nothing. */
export async function endOutdated(db: Db, schema: string, models: readonly ReadModel[]): Promise<void> {
  const outdated = (await unfinished(db, schema)).filter((job) => models.some(({ name, version }) => (job.versions[job.models.indexOf(name)] ?? version) < version));
  for (const { job } of outdated) await moveRebuild(db, schema, job, { phase: 'failed', error: 'a newer release was started, which folds differently' });
}

export async function findRebuild(db: Db, schema: string, job: string): Promise<RebuildJob | undefined> {
  const { rows: [found] } = await (db as Pool).query<RebuildJob>(`SELECT ${COLUMNS} FROM ${schema}.rebuilds WHERE job = $1`, [job]);
  return found;
}

export async function newestRebuilds(db: Db, schema: string, limit: number): Promise<readonly RebuildJob[]> {
  const { rows } = await (db as Pool).query<RebuildJob>(`SELECT ${COLUMNS} FROM ${schema}.rebuilds ORDER BY created_at DESC, job LIMIT $1`, [limit]);
  return rows;
}

export interface RebuildProgress {
  readonly phase?: RebuildPhase;
  readonly upto?: number;
  /** Events to do; where it is left out, `upto`. */
  readonly total?: number;
  readonly cursorKey?: string;
  /** Added to what was done. */
  readonly events?: number;
  readonly error?: string;
}

export async function moveRebuild(db: Db, schema: string, job: string, { phase, upto, total = upto, cursorKey, events = 0, error }: RebuildProgress): Promise<void> {
  const finished = phase === 'done' || phase === 'failed';
  await (db as Pool).query(
    `UPDATE ${schema}.rebuilds SET phase = coalesce($2, phase), upto = coalesce($3, upto), total = coalesce($8, total), cursor_key = coalesce($4, cursor_key),
       events = least(events + $5, coalesce($8, total)), error = $6, finished_at = CASE WHEN $7 THEN now() END WHERE job = $1`,
    [job, phase ?? null, upto ?? null, cursorKey ?? null, events, error ?? null, finished, total ?? null]);
}
