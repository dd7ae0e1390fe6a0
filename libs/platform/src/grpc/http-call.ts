import { Readable } from 'node:stream';
import type { Metadata } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { GRPC_HEADER } from '../limits/request-class';

/** What of a call's metadata becomes a header of the request: nothing else of it does. */
const HANDED_ON = ['authorization', 'idempotency-key', 'traceparent', 'x-correlation-id'];

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
export interface HttpAnswered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}
/** Who calls: metadata, address and whether they still listen. */
export interface Calling {
  readonly metadata: Metadata;
  getPeer(): string;
}

/**
 * Calls a route of this process in the name of a gRPC caller: by its token and its address, within the same limits. @throws where the signal was given;
 * the route sees its caller hang up then.
 */
export async function callHttp(http: FastifyInstance, call: Calling, { method, url, headers = {}, body }: HttpCall, signal: AbortSignal): Promise<HttpAnswered> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const payload = bytes && Readable.from([bytes]);
  // The signal alone calls nothing off once the body was read.
  const callOff = (): void => { payload?.emit('error', new Error('the caller hung up')); };
  signal.addEventListener('abort', callOff, { once: true });
  const response = await http.inject({
    method, url, signal, remoteAddress: addressOf(call.getPeer()),
    headers: {
      ...handedOn(call.metadata), ...headers, [GRPC_HEADER]: '1',
      ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
    },
    ...(payload === undefined ? {} : { payload }),
  }).finally(() => signal.removeEventListener('abort', callOff));
  return {
    status: response.statusCode, headers: response.headers,
    body: response.payload === '' ? undefined : JSON.parse(response.payload) as Readonly<Record<string, unknown>>,
  };
}

function handedOn(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(HANDED_ON.flatMap((name) => metadata.get(name).slice(0, 1).map((value) => [name, String(value)])));
}

/** `127.0.0.1:4711`, `[::1]:4711` */
function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
}
