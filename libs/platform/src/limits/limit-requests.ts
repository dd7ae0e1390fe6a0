import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error';
import { sendProblem } from '../http/problem.filter';
import type { Metrics } from '../metrics/metrics';
import type { HttpLimits } from './http-limits';
import { credentialOf, Logins } from './logins';
import { classOf } from './request-class';
import { Rooms } from './rooms';
import { TokenBuckets } from './token-buckets';

const RETRY_SECONDS = 1;
const roomsOf = new WeakMap<object, Rooms>();

/** Says that a request only waits from now on, so that its place is free for others. */
export function onlyWaits(request: FastifyRequest): void {
  roomsOf.get(request.raw)?.wait(request.raw);
}

export interface LimitOptions {
  readonly limits: HttpLimits;
  readonly metrics: Metrics;
  /** For tests: which addresses are this machine's own. */
  readonly isLocal?: (address: string) => boolean;
}

/**
 * Refuses early what is too much: before a body is read for callers that are too fast or guess, and for bodies beyond what memory is set aside; before any
 * work for requests beyond those that are worked on. Health answers always; reads and revocations have room of their own.
 */
export function limitRequests(instance: Pick<FastifyInstance, 'addHook' | 'server'>, { limits, metrics, isLocal }: LimitOptions): void {
  const rooms = new Rooms(limits);
  const rates = new TokenBuckets(limits.rate.perSecond, limits.rate.burst);
  const logins = new Logins(limits.failedLoginsPerMinute, isLocal);
  const refused = metrics.counter('wami_http_refused_total', 'Requests refused for being too many', ['why']);
  metrics.gauge('wami_http_in_progress', 'Requests being worked on, by class', ['class'], (gauge) => {
    const { bodyBytes: _bytes, ...now } = rooms.now();
    for (const [name, count] of Object.entries(now)) gauge.set({ class: name }, count);
  });
  instance.server.maxConnections = limits.connections;

  const refuse = (request: FastifyRequest, reply: FastifyReply, why: string, problem: ProblemError): void => {
    refused.inc({ why });
    // A body that is not read: whoever sends it finds the connection closed.
    if (!request.raw.complete && hasBody(request)) void reply.header('connection', 'close');
    sendProblem(problem, request, reply);
  };

  instance.addHook('onRequest', (request, reply, done) => {
    if (classOf(request) === 'free') return done();
    const credential = credentialOf(request);
    const guessed = logins.refusal(request.ip, credential);
    if (guessed !== undefined) return refuse(request, reply, 'logins', tooMany('too many refused credentials came from this address', guessed));
    const { allowed, remaining, retryAfter } = rates.take(credential ?? `address ${request.ip}`);
    rateHeaders(reply, limits, remaining, retryAfter);
    if (!allowed) return refuse(request, reply, 'rate', tooMany(`at most ${limits.rate.perSecond} requests a second`, retryAfter));
    return done();
  });

  instance.addHook('preParsing', (request, reply, payload, done) => {
    const bytes = classOf(request) === 'free' ? 0 : bodyBytes(request);
    if (bytes === 0) return done(null, payload);
    if (!rooms.hold(bytes)) return refuse(request, reply, 'bodies', overloaded('the bodies of other requests take all the memory set aside for them'));
    reply.raw.once('close', () => rooms.release(bytes));
    return done(null, payload);
  });

  instance.addHook('preHandler', (request, reply, done) => {
    const room = classOf(request);
    if (room === 'free') return done();
    if (!rooms.enter(request.raw, room)) return refuse(request, reply, room, overloaded(`${limits.concurrent[room]} requests of this kind are being worked on`));
    roomsOf.set(request.raw, rooms);
    reply.raw.once('close', () => rooms.leave(request.raw));
    return done();
  });

  instance.addHook('onResponse', (request, reply, done) => {
    if (classOf(request) !== 'free') logins.answered(request.ip, credentialOf(request), reply.statusCode);
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** What is announced; of a body without a length, as much as the route takes. Too large ones are refused by the parser. */
function bodyBytes(request: FastifyRequest): number {
  const { bodyLimit } = request.routeOptions;
  if (request.headers['transfer-encoding'] !== undefined) return bodyLimit ?? 0;
  const announced = Number(request.headers['content-length'] ?? 0);
  return announced > (bodyLimit ?? 0) ? 0 : announced;
}

/** draft-ietf-httpapi-ratelimit-headers: what is allowed, and what is left. */
function rateHeaders(reply: FastifyReply, { rate: { perSecond, burst } }: HttpLimits, remaining: number, retryAfter: number): void {
  const window = Math.max(1, Math.ceil(burst / perSecond));
  void reply.header('ratelimit-policy', `"caller";q=${burst};w=${window}`).header('ratelimit', `"caller";r=${remaining};t=${Math.max(1, retryAfter)}`);
}

const tooMany = (detail: string, retryAfter: number): ProblemError => new ProblemError('RateLimited', { detail, retryAfter });
const overloaded = (detail: string): ProblemError => new ProblemError('Overloaded', { detail, retryAfter: RETRY_SECONDS, hint: 'nothing was done; send it again' });
