import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { scopedQuery } from './scoped-query';

/** Runs single statements that read; a pool is one, who sees all. */
export interface Reader {
  query<Row extends QueryResultRow>(statement: QueryConfig | string, values?: unknown[]): Promise<QueryResult<Row>>;
}

/**
 * Asked for each statement: the tenant that is read within; '' for who sees every tenant and undefined for a worker: both pass row-level security.
 * Throws where nobody knows.
 */
export type ScopeOf = () => string | undefined;

/** The one way in which requests read: within the tenant that `scopeOf` says at the time of asking. */
export function scopedReader(pool: Pool, scopeOf: ScopeOf): Reader {
  return {
    query<Row extends QueryResultRow>(statement: QueryConfig | string, values?: unknown[]): Promise<QueryResult<Row>> {
      const config = typeof statement === 'string' ? { text: statement, values: values ?? [] } : statement;
      return readWithin(pool, scopeOf(), config);
    },
  };
}

export function readWithin<Row extends QueryResultRow>(pool: Pool, tenant: string | undefined, statement: QueryConfig): Promise<QueryResult<Row>> {
  return tenant === undefined || tenant === '' ? pool.query<Row>(statement) : scopedQuery<Row>(pool, tenant, statement);
}
