import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** `free`: never refused. Taking access away has room of its own, so that no flood keeps a leaver in. */
export type RequestClass = 'free' | 'write' | 'read' | 'revocation';

const FREE = /^\/(health\/|metrics$|openapi\.|docs)/;
/** Deleting a whole tenant is a long job, not a revocation. */
const TENANT = /^\/v1\/tenants\/[^/]*$/;

export function classOf(request: FastifyRequest): RequestClass {
  const path = request.url.split('?', 1)[0] ?? '';
  if (FREE.test(path) || isInternal(request)) return 'free';
  if (request.method === 'GET' || request.method === 'HEAD') return 'read';
  return request.method === 'DELETE' && !TENANT.test(path) ? 'revocation' : 'write';
}

/** Marks a request that is a gRPC call: it came over no socket of HTTP, and yet from outside. */
export const GRPC_HEADER = 'wami-over-grpc';

/** An operation of a batch, which was let in as a whole: it came over no socket. */
function isInternal(request: FastifyRequest): boolean {
  return !(request.raw.socket instanceof Socket) && request.headers[GRPC_HEADER] === undefined;
}
