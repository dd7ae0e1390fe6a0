import { Pool, types } from 'pg';

const INT8 = 20;

/** Limits of every connection, in milliseconds. */
export const POOL_LIMITS = { connect: 5_000, statement: 30_000, lock: 5_000, idleInTransaction: 10_000 } as const;

export interface CreatePoolOptions {
  /** Holds the password: never logged. */
  readonly connectionString: string;
  /** Most connections at a time; default 10. */
  readonly max?: number;
  /** As PostgreSQL shows it in pg_stat_activity. */
  readonly applicationName: string;
  /**
   * Takes the error of a connection that broke, in use or not; the pool replaces it, and who used it gets an error of its own.
   * Not called once the pool is being ended: `end()` answers before the server has read the goodbyes, and one that is shut down then is no news.
   */
  readonly onError: (error: Error) => void;
}

/**
 * A pool in which nothing waits for ever: connecting and waiting for a free connection 5 s, a lock 5 s, a statement 30 s, a transaction
 * in which nothing happens 10 s (an open one holds back every reader of the log). `bigint` arrives as a number; one that a number
 * cannot hold exactly is a RangeError, so positions are selected as text. A table is read through an index wherever one serves: a prepared
 * statement keeps the plan that was right while the table was small, and would read all of it until the next ANALYZE.
 */
export function createPool(options: CreatePoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.connectionString,
    max: options.max ?? 10,
    application_name: options.applicationName,
    connectionTimeoutMillis: POOL_LIMITS.connect,
    statement_timeout: POOL_LIMITS.statement,
    // Beyond what the server answers for: a server or a network that is gone without a word.
    query_timeout: POOL_LIMITS.statement + 5_000,
    lock_timeout: POOL_LIMITS.lock,
    idle_in_transaction_session_timeout: POOL_LIMITS.idleInTransaction,
    keepAlive: true,
    options: '-c enable_seqscan=off',
    // Statements that `together` sends do not wait for each other's answers.
    pipeline: true,
    types: { getTypeParser: parserOf },
  });
  // On the connection itself: the pool listens to idle ones only, and an error that nobody listens to ends the process.
  pool.on('connect', (client) => client.on('error', (error) => {
    if (!pool.ending) options.onError(error);
  }));
  pool.on('error', reportedByConnection);
  return pool;
}

function reportedByConnection(): void {
  return undefined;
}

const parserOf: typeof types.getTypeParser = ((oid: number, format?: 'text') =>
  oid === INT8 && format !== undefined && format !== 'text' ? types.getTypeParser(oid, format) : oid === INT8 ? exactNumber : types.getTypeParser(oid, format)
) as typeof types.getTypeParser;

function exactNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint of the database is too large for a number: select it as text');
  return value;
}
