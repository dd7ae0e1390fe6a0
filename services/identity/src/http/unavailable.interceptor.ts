import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { PROBLEM_HELP } from '@wami/contracts';
import { ProblemError } from '@wami/platform';
import { catchError, throwError, type Observable } from 'rxjs';

/** The database is away, restarts, or has no place: 08*, 53*, 57P* and 58* are PostgreSQL's, the others the network's and the store's. */
const AWAY = /^(08\w{3}|53\d{3}|57P\d\d|58\d{3}|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|StoreOverloaded|KeysUnavailable)$/;
/** Of the store: a stream that this release cannot read. */
const UNREADABLE = 'StreamUnreadable';
/** The connection was lost while something was written. */
const UNKNOWN = /^(UnknownOutcome|CommitUnknown)$/;
const DISK_FULL = '53100';
/** Errors of the driver that carry no code. */
const LOST = /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error/;

/** What nobody can do anything about with the request says what it is; what passes by itself is 503 with `Retry-After`, not an unexpected error. */
@Injectable()
export class UnavailableInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => explained(error))));
  }
}

function explained(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || error instanceof ProblemError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  if (UNKNOWN.test(code)) {
    return new ProblemError('Unavailable', { retryAfter: 1, detail: 'the connection to the database was lost while it was written', hint: 'repeat it with the same Idempotency-Key, or read first' });
  }
  if (code === UNREADABLE) return new ProblemError('Unreadable', { detail: message, hint: PROBLEM_HELP.Unreadable.remedy });
  if (code === DISK_FULL) return new ProblemError('Unavailable', { retryAfter: 5, detail: 'the disk of the database is full, and nothing was written' });
  return AWAY.test(code) || LOST.test(message) ? new ProblemError('Unavailable', { retryAfter: 1, detail: 'the database does not answer' }) : error;
}
