import type { Pool, PoolClient } from 'pg';
import { OutcomeUnknown, TransactionTooOld, isKnownFailure, isTransient, withoutRowContents } from './errors';

const ATTEMPTS = 5;

/**
 * One statement on a pooled connection, committed by itself. The connection is thrown away where its state is not known for sure.
 * @throws OutcomeUnknown where it was lost on the way; what `pool.connect` throws where nothing was sent.
 */
export async function withConnection<T>(pool: Pool, statement: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    const result = await statement(client);
    broken = false;
    return result;
  } catch (error) {
    broken = !isKnownFailure(error);
    throw broken ? new OutcomeUnknown(error) : withoutRowContents(error);
  } finally {
    client.release(broken);
  }
}

/**
 * Runs `work` in a transaction of its own and commits it. Runs it again in a fresh one, at most five times, where PostgreSQL gave up
 * for a reason that passes (deadlock, TransactionTooOld): nothing of the attempt before was kept.
 * @throws OutcomeUnknown where the connection was lost while committing.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !(isTransient(error) || error instanceof TransactionTooOld)) throw withoutRowContents(error);
    }
  }
}

async function once<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let usable = false;
  try {
    const result = await begun(client, work);
    await client.query('COMMIT').catch((error: unknown) => {
      throw isKnownFailure(error) ? error : new OutcomeUnknown(error);
    });
    usable = true;
    return result;
  } catch (error) {
    // The first error is the one to report; a connection that cannot roll back is thrown away, and then the server rolls back.
    if (!(error instanceof OutcomeUnknown)) usable = await client.query('ROLLBACK').then(() => true, () => false);
    throw error;
  } finally {
    client.release(!usable);
  }
}

/**
 * The first statements go right behind BEGIN, without waiting for an answer that is known. Where a server refused just that (an operator
 * cancelled it), they stood alone: nothing more is sent, and what became of them is not known.
 */
async function begun<T>(client: PoolClient & { end?(): Promise<void> }, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const beginning = client.query('BEGIN').catch(async (error: unknown) => {
    if (!isKnownFailure(error)) throw error;
    await client.end?.();
    throw new OutcomeUnknown(error);
  });
  const [began, done] = await Promise.allSettled([beginning, work(client)]);
  if (began.status === 'rejected') throw began.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}
