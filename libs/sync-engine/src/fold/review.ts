import type { EventMeta, SyncOperation } from '@wami/contracts';
import { together } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { acceptNext, openJob } from '../jobs/accept-jobs';
import { tryLockFold } from './fold-lock';
import { reconsider } from './reconsider';
import type { Resource } from './resource';

/** Few enough that whoever has work now does not wait long for its turn at the database. */
const CHUNK = 100;

interface ReviewRow {
  readonly path: string;
  readonly cursor: string;
  readonly retag: boolean;
  readonly stopped: readonly SyncOperation[];
  readonly cause: EventMeta;
}

/**
 * Looks at the next resources of a subtree whose settings changed, of one subtree after the other, so that none waits for all of another; where
 * there is none marks the next bindings of a large job. A crash resumes where the last chunk ended. Resolves with the accounts that have work
 * now, undefined where nothing is left to do, or 'elsewhere' where another replica folds at the moment.
 */
export function reviewNext(db: EngineDatabase, now: () => number): Promise<Set<string> | 'elsewhere' | undefined> {
  return db.transaction(async (client) => {
    if (!(await tryLockFold(client, db.schema))) return 'elsewhere';
    const [{ rows: [review] }, job] = await together([client.query<ReviewRow>(`SELECT path, cursor, retag, stopped, cause FROM ${db.table('reviews')} ORDER BY turn, path LIMIT 1`), openJob(client, db)]);
    if (!review) return job && acceptNext(client, db, job, now());
    const resources = await nextResources(client, db, review);
    const last = resources.at(-1);
    if (last && resources.length === CHUNK) await client.query(`UPDATE ${db.table('reviews')} SET cursor = $2, turn = 1 + (SELECT max(turn) FROM ${db.table('reviews')}) WHERE path = $1`, [review.path, last.id]);
    else await client.query(`DELETE FROM ${db.table('reviews')} WHERE path = $1`, [review.path]);
    const { retag, stopped, cause } = review;
    return reconsider(client, db, resources, { causes: new Map(), cause, retag, stopped, lane: 1, now: now(), appeared: [] });
  });
}

async function nextResources(client: PoolClient, db: EngineDatabase, { path, cursor }: ReviewRow): Promise<Resource[]> {
  const { rows } = await client.query<Resource>(
    `SELECT id, kind, tenant, subject, version, deleted, document, intent FROM ${db.table('resources')}
     WHERE id > $2 AND (tenant = $1 OR (tenant ~>=~ ($1 || '/') AND tenant ~<~ ($1 || '0'))) ORDER BY id LIMIT ${CHUNK}`, [path, cursor]);
  return rows;
}
