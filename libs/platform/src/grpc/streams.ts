import { once } from 'node:events';
import { Metadata, status, type handleServerStreamingCall, type ServerWritableStream, type StatusObject } from '@grpc/grpc-js';
import type { Method } from 'protobufjs';
import { decideAccess, type Access } from '../auth/access';
import { bearerToken } from '../auth/access.guard';
import type { AccessTokens } from '../auth/access-tokens';
import type { Caller } from '../auth/caller';
import { toProblemError } from '../http/problem.filter';
import { describeError, type Logger } from '../logging/logger';
import type { RichStatus } from './rich-status';
import { problemStatus } from './problem-status';

type Message = Readonly<Record<string, unknown>>;

/** What a stream is given. */
export interface StreamCall {
  readonly request: Message;
  readonly caller: Caller;
  /** Aborts when the caller hung up or may not listen any more, or when the service closes. */
  readonly signal: AbortSignal;
  /** Resolves when the caller can take more. @throws where it takes nothing for 10 seconds, or the signal was given. */
  send(message: object): Promise<void>;
}

/** A method that answers with many messages. */
export interface GrpcStream {
  readonly access: Access;
  /** Resolves when there is no more to come. @throws ProblemError */
  run(call: StreamCall): Promise<void>;
}

export interface StreamParts {
  readonly tokens: AccessTokens;
  readonly rich: RichStatus;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

const SLOW_CLIENT_MS = 10_000;
/** How often it is asked whether the caller's token is still good. */
const CHECK_MS = 2000;

/** Open at a time, over all callers of this process. */
const MOST_STREAMS = 1000;
let open = 0;

class SlowClient extends Error {}

/** Default deny, as for routes: a stream that is not declared is refused to everyone. */
export function streaming(method: Method, stream: GrpcStream | undefined, parts: StreamParts): handleServerStreamingCall<Message, object> {
  return (call) => {
    serve(method, stream, call, parts).catch((error: unknown) => parts.logger.error(describeError(error), 'a stream was not ended'));
  };
}

async function serve(method: Method, stream: GrpcStream | undefined, call: ServerWritableStream<Message, object>, { tokens, rich, logger, stop }: StreamParts): Promise<void> {
  const gone = new AbortController();
  const barred = new AbortController();
  call.once('cancelled', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, barred.signal, stop]);
  const token = bearerToken(String(call.metadata.get('authorization')[0] ?? ''));
  open += 1;
  const timer = setInterval(() => void barWhenRevoked(tokens, token ?? '', barred), CHECK_MS);
  try {
    const caller = token === undefined ? undefined : await tokens.callerOf(token);
    if (!caller) return fail(call, problemStatus(rich, 'Unauthenticated', token === undefined ? 'send authorization: Bearer <token>' : 'the token is not valid'));
    decideAccess(caller, stream?.access);
    if (open > MOST_STREAMS) return fail(call, problemStatus(rich, 'Unavailable', 'too many streams are open', 5));
    await stream?.run({ request: call.request, caller, signal, send: (message) => send(call, message, signal) });
    call.end();
  } catch (error) {
    if (gone.signal.aborted) call.end();
    else if (barred.signal.aborted) fail(call, problemStatus(rich, 'Unauthenticated', 'the token is not valid any more'));
    else if (stop.aborted) fail(call, problemStatus(rich, 'Unavailable', 'the service closes', 1));
    else if (error instanceof SlowClient) fail(call, { code: status.RESOURCE_EXHAUSTED, details: 'too slow: resume with the last position', metadata: new Metadata() });
    else fail(call, refused(error, method, rich, logger));
  } finally {
    open -= 1;
    clearInterval(timer);
  }
}

function refused(error: unknown, method: Method, rich: RichStatus, logger: Logger): StatusObject {
  const { code, options: { detail, retryAfter } } = toProblemError(error);
  if (code === 'Internal') logger.error({ method: method.fullName, ...describeError(error) }, 'stream failed');
  return problemStatus(rich, code, detail, retryAfter);
}

function fail(call: ServerWritableStream<Message, object>, { code, details, metadata }: StatusObject): void {
  call.emit('error', Object.assign(new Error(details), { code, details, metadata }));
}

/** Where there is no answer now, the stream's own reading fails soon enough. */
async function barWhenRevoked(tokens: AccessTokens, token: string, barred: AbortController): Promise<void> {
  const known = await tokens.callerOf(token).catch(() => true);
  if (known === undefined) barred.abort();
}

async function send(call: ServerWritableStream<Message, object>, message: object, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (call.write(message)) return;
  const slow = AbortSignal.timeout(SLOW_CLIENT_MS);
  try {
    await once(call, 'drain', { signal: AbortSignal.any([signal, slow]) });
  } catch (error) {
    throw slow.aborted ? new SlowClient() : error;
  }
}
