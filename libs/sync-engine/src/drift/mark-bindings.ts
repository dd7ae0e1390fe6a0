import { tenantLineage, type SyncErrorCode } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import type { PauseBook } from '../pauses/pause-book';

/** Bindings of so many resources are asked for in one transaction. */
const PAGE = 500;

export interface Marking {
  readonly account: string;
  /** The tenant whose schedule it is. */
  readonly tenant: string;
  /** Tenants that say something themselves, also that they have no schedule. */
  readonly setters: ReadonlySet<string>;
  /** Kinds that were read to their end. */
  readonly kinds: readonly string[];
  readonly since: number;
  readonly now: number;
  readonly correlationId: string;
  readonly pauses: PauseBook;
}

/** What may be otherwise by now, whatever was asked for: after the last of its tries it is tried once more by each sweep, deletions too. */
const PASSING: readonly SyncErrorCode[] = ['DependencyNotReady', 'AuthExpired', 'Throttled', 'Unavailable', 'NetworkError', 'Timeout', 'Internal'];

/**
 * Asks for the comparison of the next bindings after `cursor` that this schedule is about: those that agreed, were left alone or failed for what passes, that no
 * pause holds and that nothing else is to be done about. Resolves with how many they are and where to go on; undefined where there are no more.
 */
export async function markBindings(client: PoolClient, db: EngineDatabase, marking: Marking, cursor: string): Promise<{ marked: number; cursor: string | undefined }> {
  const { account, tenant, setters, kinds, since, now, correlationId, pauses } = marking;
  const { rows } = await client.query<{ id: string; tenant: string }>(
    `SELECT id, tenant FROM ${db.table('resources')} WHERE id > $2 AND (tenant = $1 OR (tenant ~>=~ ($1 || '/') AND tenant ~<~ ($1 || '0'))) ORDER BY id LIMIT ${PAGE}`, [tenant, cursor]);
  const mine = rows.filter((row) => tenantLineage(row.tenant).filter((path) => setters.has(path)).at(-1) === tenant);
  const bindings = mine.length === 0 ? [] : await db.bindings.lock(client,
    `b.account = $1 AND b.resource = ANY($2) AND b.kind = ANY($3) AND b.wanted AND NOT b.held AND b.due_at IS NULL AND NOT b.claimed AND b.plan IS NULL
     AND ((b.state IN ('Synced', 'Skipped') AND NOT b.deleted AND b.presence IS NOT NULL) OR (b.state = 'Failed' AND b.error_code = ANY($4)))`, [account, mine.map(({ id }) => id), kinds, PASSING]);
  const marked = bindings.filter((binding) => pauses.holding(binding) === undefined).map(({ resource }) => resource);
  if (marked.length > 0) {
    await client.query(`UPDATE ${db.bindings.name} SET verify_since = $3, due_at = $4, lane = 1, cause = $5 WHERE account = $1 AND resource = ANY($2)`,
      [account, marked, since, now, JSON.stringify({ actor: `sync-${db.provider}`, correlationId })]);
  }
  return { marked: marked.length, cursor: rows.length === PAGE ? rows.at(-1)?.id : undefined };
}
