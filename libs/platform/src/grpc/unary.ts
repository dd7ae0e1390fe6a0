import { Metadata, status, type handleUnaryCall, type ServerUnaryCall, type StatusObject } from '@grpc/grpc-js';
import type { Problem } from '@wami/contracts';
import type { FastifyInstance } from 'fastify';
import type { Method, Type } from 'protobufjs';
import { describeError, type Logger } from '../logging/logger';
import { toMessage } from './answers';
import { NO_DEADLINE, timeOf, type CallTime } from './call-time';
import { callHttp } from './http-call';
import { readMessage } from './messages';
import { problemStatus } from './problem-status';
import type { RichStatus } from './rich-status';
import { routed, routeOf, type Route } from './route';

/** Headers of the answer that trailing metadata repeats. */
const TOLD = ['wami-position', 'x-request-id'];

export interface UnaryParts {
  readonly http: FastifyInstance;
  readonly rich: RichStatus;
  readonly logger: Logger;
}

type Call = ServerUnaryCall<Buffer, object>;
type Result = Partial<StatusObject> | { readonly message: object; readonly trailer: Metadata };

/**
 * A method is its HTTP route, called in this process with the caller's own token: one access decision, one validation, one idempotency, one set
 * of limits for both. A method without a route is refused to everyone.
 */
export function unary(method: Method, parts: UnaryParts): handleUnaryCall<Buffer, object> {
  const route = routeOf(method);
  const { rich, logger } = parts;
  return (call, callback) => {
    const time = timeOf(call);
    const answered = time ? answer(call, method, route, parts, time) : Promise.resolve(problemStatus(rich, 'MalformedRequest', { detail: NO_DEADLINE }));
    answered.catch((error: unknown) => {
      if (time?.signal.aborted) return { code: status.CANCELLED, details: 'the caller hung up; whether it was done is not known' };
      const refused = problemStatus(rich, 'Internal');
      logger.error({ method: method.fullName, ...describeError(error) }, 'call failed');
      return refused;
    }).then((result) => {
      if ('message' in result) callback(null, result.message, result.trailer);
      else callback(result);
    }).catch((error: unknown) => logger.error(describeError(error), 'an answer was not sent'));
  };
}

async function answer(call: Call, method: Method, route: Route | undefined, { http, rich }: UnaryParts, time: CallTime): Promise<Result> {
  if (!route) return problemStatus(rich, 'Forbidden', { detail: 'nobody may call this: it does not say whom it is for' });
  const message = read(method, call.request);
  if (!message) return problemStatus(rich, 'MalformedRequest', { detail: `the request is no ${method.requestType}` });
  const { headers, body, status: code } = await callHttp(http, call, { method: route.verb, ...routed(route, message, time.remainingSeconds()) }, time.signal);
  if (code >= 400) return rich.of(body as unknown as Problem, route.body);
  const trailer = new Metadata();
  for (const name of TOLD) if (typeof headers[name] === 'string') trailer.set(name, headers[name]);
  return { message: toMessage(method.resolvedResponseType as Type, { status: code, headers, body }), trailer };
}

/** Undefined where the bytes are no such message. */
export function read(method: Method, bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return readMessage(method.resolvedRequestType as Type, bytes);
  } catch {
    return undefined;
  }
}
