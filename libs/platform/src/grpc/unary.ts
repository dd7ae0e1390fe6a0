import { Metadata, status, type handleUnaryCall, type ServerUnaryCall, type StatusObject } from '@grpc/grpc-js';
import type { Problem } from '@wami/contracts';
import type { FastifyInstance } from 'fastify';
import type { Method, Type } from 'protobufjs';
import { describeError, type Logger } from '../logging/logger';
import { toMessage, type HttpAnswer } from './answers';
import { problemStatus } from './problem-status';
import type { RichStatus } from './rich-status';
import { routed, routeOf, type Route } from './route';

/** How long a call may take that says no deadline. */
export const DEFAULT_DEADLINE_MS = 60_000;
/** What of a call's metadata becomes a header of the request. */
const HANDED_ON = ['authorization', 'traceparent', 'x-correlation-id'];

export interface UnaryParts {
  readonly http: FastifyInstance;
  readonly rich: RichStatus;
  readonly logger: Logger;
}

type Message = Readonly<Record<string, unknown>>;
type Call = ServerUnaryCall<Message, object>;

/**
 * A method is its HTTP route, called in this process with the caller's own token: one access decision, one validation, one idempotency for
 * both. A method without a route is refused to everyone.
 */
export function unary(method: Method, parts: UnaryParts): handleUnaryCall<Message, object> {
  const route = routeOf(method);
  const { rich, logger } = parts;
  return (call, callback) => {
    const end = limited(call);
    const answered = route ? answer(call, method.resolvedResponseType as Type, route, parts, end) : Promise.resolve(problemStatus(rich, 'Forbidden', 'nobody may call this: it does not say whom it is for'));
    answered.catch((error: unknown) => {
      if (end.signal.aborted) return { code: status.DEADLINE_EXCEEDED, details: 'it took longer than the call may; whether it was done is not known' };
      const refused = problemStatus(rich, 'Internal');
      logger.error({ method: method.fullName, ...describeError(error) }, 'call failed');
      return refused;
    }).then((result) => {
      end.done();
      if ('message' in result) callback(null, result.message, result.trailer);
      else callback(result);
    }).catch((error: unknown) => logger.error(describeError(error), 'an answer was not sent'));
  };
}

type Result = Partial<StatusObject> | { readonly message: object; readonly trailer: Metadata };

async function answer(call: Call, type: Type, route: Route, { http, rich }: UnaryParts, end: Limit): Promise<Result> {
  const request = routed(route, call.request, end.remainingMs() / 1000);
  const response = await http.inject({
    method: route.verb, url: request.url, headers: { ...handedOn(call.metadata), ...request.headers }, signal: end.signal, remoteAddress: addressOf(call.getPeer()),
    ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
  });
  const body = response.payload === '' ? undefined : JSON.parse(response.payload) as Message;
  if (response.statusCode >= 400) return rich.of(body as unknown as Problem, route.body);
  const trailer = new Metadata();
  for (const name of ['wami-position', 'x-request-id']) {
    const value = response.headers[name];
    if (typeof value === 'string') trailer.set(name, value);
  }
  const answered: HttpAnswer = { status: response.statusCode, headers: response.headers, body };
  return { message: toMessage(type, answered), trailer };
}

function handedOn(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(HANDED_ON.flatMap((name) => metadata.get(name).slice(0, 1).map((value) => [name, String(value)])));
}

/** `127.0.0.1:4711`, `[::1]:4711` */
function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
}

interface Limit {
  readonly signal: AbortSignal;
  remainingMs(): number;
  done(): void;
}

/** Aborts when the caller hung up or its deadline, or ours where it has none, is over. */
function limited(call: Call): Limit {
  const gone = new AbortController();
  const deadline = Math.min(Number(call.getDeadline()), Date.now() + DEFAULT_DEADLINE_MS * 2);
  const until = Number.isFinite(Number(call.getDeadline())) ? deadline : Date.now() + DEFAULT_DEADLINE_MS;
  const timer = setTimeout(() => gone.abort(), Math.max(0, until - Date.now()));
  call.once('cancelled', () => gone.abort());
  return { signal: gone.signal, remainingMs: () => Math.max(0, until - Date.now()), done: () => clearTimeout(timer) };
}
