import type { Socket } from 'node:net';
import { PROBLEMS, type Problem, type ProblemCode } from '@wami/contracts';
import { newId } from '../ids';

const BY_CODE: Readonly<Record<string, ProblemCode>> = { ERR_HTTP_REQUEST_TIMEOUT: 'RequestTimeout', HPE_HEADER_OVERFLOW: 'HeadersTooLarge' };
const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/** What Node's parser refuses, before there is a request: answered as a problem like everything else, then the connection is closed. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = BY_CODE[error.code ?? ''] ?? 'MalformedRequest';
  const [status, title] = PROBLEMS[code];
  const requestId = newId('request');
  const problem: Problem = { type: `https://wami.dev/problems/${code}`, title, status, code, requestId, retryable: code === 'RequestTimeout' };
  const body = JSON.stringify(problem);
  socket.end([
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`, 'content-type: application/problem+json', `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`, 'cache-control: no-store', 'x-content-type-options: nosniff', 'connection: close', '', body,
  ].join('\r\n'), () => socket.destroy());
}
