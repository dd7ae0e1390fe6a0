import { DatabaseError } from 'pg';

/** in_failed_sql_transaction: an earlier statement of the transaction failed, and its error tells why. */
const FOLLOWS_A_FAILURE = '25P02';

/**
 * Statements of one connection that are sent without waiting for each other's answers; the server carries them out in the order in which
 * they were sent, each seeing what the ones before did. Resolves with their results. Rejects with the failure that was first for the
 * server, once all have ended: nothing of them goes on behind a rollback.
 */
export async function together<T extends readonly unknown[] | []>(statements: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const failures = (await Promise.allSettled(statements)).flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((error) => !(error instanceof DatabaseError && error.code === FOLLOWS_A_FAILURE)) ?? failures[0];
  return Promise.all(statements);
}
