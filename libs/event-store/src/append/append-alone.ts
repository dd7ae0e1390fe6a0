import { LOG_START, type LogPosition } from '@wami/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { OutcomeUnknown, TransactionTooOld, UnknownOutcome, isKnownFailure, isTransient } from '../errors';
import { AppendRefused, type AppendResult } from '../event-store';
import { quoteSchema } from '../identifier';
import { inTransaction, withConnection } from '../transaction';
import { isRefusal } from './append-statement';
import { findRepeated } from './idempotency';
import { appendInTransaction } from './in-transaction';
import { appended, type PreparedAppend } from './prepared-append';
import { runStatement, type StatementContext } from './run-statement';
import { whyRefused } from './why-refused';

const ATTEMPTS = 6;

/** `again`: nothing was written, or an idempotency key tells what was. */
type Attempt = { readonly result: AppendResult } | { readonly again: unknown };

/**
 * Writes one append in a transaction of its own. What PostgreSQL gave up without writing is tried again; a lost connection only where
 * an idempotency key makes it safe.
 * @throws AppendRefused, UnknownOutcome; the last reason where the attempts are used up
 */
export async function appendAlone(pool: Pool, context: StatementContext, prepared: PreparedAppend): Promise<AppendResult> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptAppend(pool, context, prepared);
    if ('result' in outcome) return outcome.result;
    if (attempt >= ATTEMPTS) throw outcome.again;
    await pause(attempt * attempt);
  }
}

/** An append that one statement can do; the others need a transaction of several. */
export function fitsOneStatement({ append, events }: PreparedAppend): boolean {
  return events.length > 0 && append.requiresEmptyTenant === undefined && (append.quotas ?? []).length === 0;
}

async function attemptAppend(pool: Pool, context: StatementContext, prepared: PreparedAppend): Promise<Attempt> {
  try {
    const result = fitsOneStatement(prepared) ? await inOneStatement(pool, context, prepared) : await inSeveral(pool, context, prepared);
    return { result };
  } catch (error) {
    if (error instanceof AppendRefused) return repeatedOr(pool, context, prepared, error);
    if (isKnownFailure(error) && isRefusal(error.message)) return judge(pool, context, prepared);
    if (isTransient(error)) return { again: error };
    if (!(error instanceof OutcomeUnknown)) throw error;
    const unknown = new UnknownOutcome(prepared.append.stream, error.cause);
    if (!prepared.append.idempotency) throw unknown;
    return { again: unknown };
  }
}

async function inOneStatement(pool: Pool, context: StatementContext, prepared: PreparedAppend): Promise<AppendResult> {
  const answer = await withConnection(pool, (client) => runStatement(client, context, [prepared], 'error'));
  if (!answer.ok) throw new TransactionTooOld(prepared.append.stream);
  return appended(prepared, answer.events[0] ?? []);
}

async function inSeveral(pool: Pool, context: StatementContext, prepared: PreparedAppend): Promise<AppendResult> {
  const events = await inTransaction(pool, (client) => appendInTransaction(client, context, [prepared]));
  if (events.length > 0) return appended(prepared, events);
  const position = await placeOf(pool, context.schema, prepared);
  return { outcome: 'appended', version: prepared.version, position, events };
}

async function placeOf(pool: Pool, schema: string, { append }: PreparedAppend): Promise<LogPosition> {
  const { rows: [event] } = await pool.query<{ position: LogPosition }>(
    `SELECT tx || '.' || position AS position FROM ${quoteSchema(schema)}.events WHERE stream_id = $1 AND version = $2`, [append.stream, append.expectedVersion]);
  return event?.position ?? LOG_START;
}

/** The statement refused and is rolled back: asked now, in a snapshot that sees who was faster. */
async function judge(pool: Pool, context: StatementContext, prepared: PreparedAppend): Promise<Attempt> {
  const refusal = await whyRefused(pool, context.schema, prepared);
  if (refusal) return repeatedOr(pool, context, prepared, new AppendRefused(refusal));
  return repeatedOr(pool, context, prepared, undefined);
}

/** The same command done by somebody else comes first: its answer explains every other refusal. */
async function repeatedOr(pool: Pool, context: StatementContext, { append }: PreparedAppend, refused: AppendRefused | undefined): Promise<Attempt> {
  const repeated = append.idempotency && (await findRepeated(pool, context.schema, append.idempotency));
  if (repeated) return { result: repeated };
  if (refused) throw refused;
  return { again: new TransactionTooOld(append.stream) };
}
