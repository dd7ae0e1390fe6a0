import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEMS, type Problem, type ProblemCode } from '@wami/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodValidationException } from 'nestjs-zod';
import { ZodError } from 'zod';
import { callerIfLetIn } from '../auth/caller';
import { describeError, type Logger } from '../logging/logger';
import { ProblemError } from './problem-error';
import { fieldErrors } from './field-errors';

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'MalformedRequest', 401: 'Unauthenticated', 403: 'Forbidden', 404: 'NotFound', 405: 'MethodNotAllowed', 406: 'NotAcceptable',
  408: 'RequestTimeout', 413: 'PayloadTooLarge', 414: 'UriTooLong', 415: 'UnsupportedMediaType', 422: 'ValidationFailed', 429: 'RateLimited', 431: 'HeadersTooLarge',
  503: 'Unavailable',
};

/** Every answer that is no success, as RFC 9457. What was not foreseen shows its code and the request id only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) return;
    const problem = toProblemError(error);
    if (problem.code === 'Internal') this.logger.error({ requestId: request.id, route: request.routeOptions.url, tenant: callerIfLetIn(request)?.tenant, ...describeError(error) }, 'request failed');
    sendProblem(problem, request, reply);
  }
}

export function sendProblem(problem: ProblemError, request: FastifyRequest, reply: FastifyReply): void {
  const { retryAfter, headers = {} } = problem.options;
  void reply.status(problem.status).headers({ ...headers, ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) })
    .type('application/problem+json').send(JSON.stringify(toBody(problem, request)));
}

export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ZodValidationException) return invalid(error.getZodError());
  if (error instanceof HttpException) return new ProblemError(BY_STATUS[error.getStatus()] ?? 'Internal', detailOf(error));
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return new ProblemError(BY_STATUS[status] ?? 'Internal', status < 500 ? { detail: withoutQuery((error as Error).message) } : {});
}

function invalid(error: unknown): ProblemError {
  if (!(error instanceof ZodError)) return new ProblemError('ValidationFailed');
  return new ProblemError('ValidationFailed', { errors: fieldErrors(error) });
}

function detailOf(error: HttpException): { detail?: string } {
  return error.getStatus() < 500 ? { detail: withoutQuery(error.message) } : {};
}

/** Nest and Fastify quote the address whole, and some callers write tokens into it. */
const withoutQuery = (message: string): string => message.replace(/\?[^\s']*/g, '');

function toBody(problem: ProblemError, request: FastifyRequest): Problem {
  const { detail, params, hint, errors, retryAfter } = problem.options;
  const retryable = problem.status === 503 || problem.status === 429;
  return {
    type: `https://wami.dev/problems/${problem.code}`, title: PROBLEMS[problem.code][1], status: problem.status, code: problem.code,
    instance: request.url.split('?')[0]?.slice(0, 512), requestId: request.id, retryable,
    ...(detail === undefined ? {} : { detail }), ...(params === undefined ? {} : { params }), ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors: [...errors] }), ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
