import { EventSchemaError } from '@wami/contracts';
import { DatabaseError } from 'pg';
import type { Append } from './event-store';

/** The connection was lost before PostgreSQL answered: the append was written or not. Look at the stream before trying again. */
export class UnknownOutcome extends Error {
  readonly code = 'UnknownOutcome';

  constructor(readonly stream: string, cause: unknown) {
    super(`the connection was lost while events of ${stream} were written: whether they were is not known`, { cause });
  }
}

/** The connection was lost before PostgreSQL answered; what was sent is committed or not. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost before PostgreSQL answered', { cause });
  }
}

/** A head was written by a newer transaction than this one; only a fresh transaction may go on from it. Roll back and begin anew. */
export class TransactionTooOld extends Error {
  readonly code = 'TransactionTooOld';

  constructor(readonly stream: string) {
    super(`stream ${stream} was written by a newer transaction: begin a fresh one`);
  }
}

/** An event of a stream is of a type, or says something, that this release cannot read: another release wrote it. The message names type and fields, never values. */
export class StreamUnreadable extends EventSchemaError {
  readonly code = 'StreamUnreadable';

  constructor({ eventType, problem, message }: EventSchemaError) {
    super(eventType, problem, message.slice(eventType.length + 2));
  }
}

/** Too many appends wait, or the store is closed. Nothing was written. */
export class StoreOverloaded extends Error {
  readonly code = 'StoreOverloaded';
}

/** What an append says of itself does not agree with the store; a mistake of the program, never of a user. */
export class InvalidAppend extends Error {
  readonly code = 'InvalidAppend';

  constructor(append: Append, problem: string) {
    super(`append to ${append.stream}: ${problem}`);
  }
}

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

/** PostgreSQL gave the transaction up for a reason that passes, and wrote nothing. */
export function isTransient(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === DEADLOCK || error.code === SERIALIZATION_FAILURE);
}

/** PostgreSQL answered that the statement failed, so nothing of it is committed. Everything else says nothing about the outcome. */
export function isKnownFailure(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}

/** The same error without what PostgreSQL quotes from the rows. */
export function withoutRowContents(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}
