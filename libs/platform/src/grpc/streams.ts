import { once } from 'node:events';
import { Metadata, status, type handleServerStreamingCall, type ServerWritableStream, type StatusObject } from '@grpc/grpc-js';
import type { Problem } from '@wami/contracts';
import type { FastifyInstance } from 'fastify';
import type { Method } from 'protobufjs';
import { decideAccess, type Access } from '../auth/access';
import { bearerToken } from '../auth/access.guard';
import type { AccessTokens } from '../auth/access-tokens';
import type { Caller } from '../auth/caller';
import { withinTenant } from '../auth/tenant-scope';
import { ProblemError } from '../http/problem-error';
import { toProblemError } from '../http/problem.filter';
import { describeError, type Logger } from '../logging/logger';
import { NO_DEADLINE, timeOf } from './call-time';
import { callHttp } from './http-call';
import { problemStatus } from './problem-status';
import type { RichStatus } from './rich-status';
import { read } from './unary';

type Message = Readonly<Record<string, unknown>>;

/** What a stream is given. */
export interface StreamCall {
  readonly request: Message;
  readonly caller: Caller;
  /** Aborts when the caller hung up or may not listen any more, or when the service closes. */
  readonly signal: AbortSignal;
  /** Resolves when the caller can take more. @throws where it takes nothing for too long, or the signal was given. */
  send(message: object): Promise<void>;
}

/** A method that answers with many messages. */
export interface GrpcStream {
  readonly access: Access;
  /** Resolves when there is no more to come. @throws ProblemError */
  run(call: StreamCall): Promise<void>;
}

export interface StreamParts {
  readonly http: FastifyInstance;
  readonly tokens: AccessTokens;
  readonly rich: RichStatus;
  readonly logger: Logger;
  /** Given when the service closes. */
  readonly stop: AbortSignal;
  /** Who takes nothing for so long is let go. */
  readonly slowClientMs: number;
}
type Call = ServerWritableStream<Buffer, object>;

/** How often it is asked whether the caller's token is still good. */
const CHECK_MS = 2000;
/** Open at a time, over all callers of this server. */
const MOST_STREAMS = 1000;

class SlowClient extends Error {}

/** The streams of one server. */
export class Streams {
  private open = 0;

  constructor(private readonly parts: StreamParts) {}

  /** Default deny, as for routes: a stream that is not declared is refused to everyone. */
  handler(method: Method, stream: GrpcStream | undefined): handleServerStreamingCall<Buffer, object> {
    return (call) => {
      this.open += 1;
      this.serve(method, stream, call)
        .catch((error: unknown) => this.parts.logger.error(describeError(error), 'a stream was not ended'))
        .finally(() => { this.open -= 1; });
    };
  }

  private async serve(method: Method, stream: GrpcStream | undefined, call: Call): Promise<void> {
    const { rich, stop } = this.parts;
    const time = timeOf(call);
    if (!time) return fail(call, problemStatus(rich, 'MalformedRequest', { detail: NO_DEADLINE }));
    const barred = new AbortController();
    const signal = AbortSignal.any([time.signal, barred.signal, stop]);
    const timer = setInterval(() => void this.barWhenRevoked(call, barred), CHECK_MS);
    try {
      await this.run(method, stream, call, signal);
      call.end();
    } catch (error) {
      if (time.signal.aborted) call.end();
      else fail(call, barred.signal.aborted ? problemStatus(rich, 'Unauthenticated', { detail: 'the token is not valid any more' }) : this.refused(error, method));
    } finally {
      clearInterval(timer);
    }
  }

  private async run(method: Method, stream: GrpcStream | undefined, call: Call, signal: AbortSignal): Promise<void> {
    const caller = await this.letIn(call, signal);
    decideAccess(caller, stream?.access);
    if (this.open > MOST_STREAMS) throw new ProblemError('Unavailable', { detail: 'too many streams are open', retryAfter: 5 });
    const request = read(method, call.request);
    if (!request) throw new ProblemError('MalformedRequest', { detail: `the request is no ${method.requestType}` });
    await withinTenant(caller.tenant, () => stream?.run({ request, caller, signal, send: (message) => send(call, message, signal, this.parts.slowClientMs) }));
  }

  /** Asks the HTTP side who calls, so that a stream is opened within the same limits as everything else. @throws RefusedByHttp */
  private async letIn(call: Call, signal: AbortSignal): Promise<Caller> {
    const { status: code, body } = await callHttp(this.parts.http, call, { method: 'GET', url: '/v1/whoami' }, signal);
    if (code >= 400) throw new RefusedByHttp(body as unknown as Problem);
    return body as unknown as Caller;
  }

  private refused(error: unknown, method: Method): StatusObject {
    const { rich, logger, stop } = this.parts;
    if (error instanceof RefusedByHttp) return rich.of(error.problem);
    if (error instanceof SlowClient) return { code: status.RESOURCE_EXHAUSTED, details: 'too slow: resume with the last position', metadata: new Metadata() };
    if (stop.aborted) return problemStatus(rich, 'Unavailable', { detail: 'the service closes', retryAfter: 1 });
    const { code, options } = toProblemError(error);
    if (code === 'Internal') logger.error({ method: method.fullName, ...describeError(error) }, 'stream failed');
    return problemStatus(rich, code, options);
  }

  /** Where there is no answer now, the stream's own reading fails soon enough. */
  private async barWhenRevoked({ metadata }: Call, barred: AbortController): Promise<void> {
    const token = bearerToken(String(metadata.get('authorization')[0] ?? '')) ?? '';
    const known = await this.parts.tokens.callerOf(token).catch(() => true);
    if (known === undefined) barred.abort();
  }
}

class RefusedByHttp extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

function fail(call: Call, { code, details, metadata }: StatusObject): void {
  call.emit('error', Object.assign(new Error(details), { code, details, metadata }));
}

async function send(call: Call, message: object, signal: AbortSignal, slowClientMs: number): Promise<void> {
  signal.throwIfAborted();
  if (call.write(message)) return;
  const slow = AbortSignal.timeout(slowClientMs);
  try {
    await once(call, 'drain', { signal: AbortSignal.any([signal, slow]) });
  } catch (error) {
    throw slow.aborted && !signal.aborted ? new SlowClient() : error;
  }
}
