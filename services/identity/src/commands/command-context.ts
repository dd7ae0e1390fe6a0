import { createHash } from 'node:crypto';
import type { EventMeta } from '@wami/contracts';
import { callerOf, ProblemError, type Caller } from '@wami/platform';
import { readTraceparent } from '@wami/tracing';
import type { FastifyRequest } from 'fastify';
import { parseIfMatch, type IfMatch } from './preconditions';
import { preferredWait } from './prefer';
import type { WriteQuery } from './write-query';

/** Everything about a write that is not its body. */
export interface CommandContext {
  readonly caller: Caller;
  readonly meta: EventMeta;
  readonly dryRun: boolean;
  readonly ifMatch?: IfMatch;
  /** `key` is a hash of the caller's: what callers write into keys is not kept. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
  /** Seconds to wait for the clouds. */
  readonly wait?: number;
  /** Place in a batch, which waits once for all its operations. */
  readonly batchOperation?: string;
}

/** Says which operation of a running batch a request is; only a batch of this process knows the value. */
export const BATCH_HEADER = 'wami-batch-operation';

/** @throws ProblemError MalformedRequest */
export function commandContext(request: FastifyRequest, query: WriteQuery): CommandContext {
  const caller = callerOf(request);
  const wait = preferredWait(header(request, 'prefer'));
  const ifMatch = parseIfMatch(header(request, 'if-match'));
  const key = idempotencyKey(header(request, 'idempotency-key'));
  const batchOperation = header(request, BATCH_HEADER);
  return {
    caller, meta: { ...eventMeta(request, caller), ...(batchOperation === undefined ? { single: true } : {}) }, dryRun: query.dryRun,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(key === undefined ? {} : { idempotency: { key, requestHash: requestHash(request) } }),
    ...(wait === undefined ? {} : { wait: Math.min(wait, query.timeout ?? wait) }),
    ...(batchOperation === undefined ? {} : { batchOperation }),
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function eventMeta(request: FastifyRequest, { actor }: Caller): EventMeta {
  const correlation = header(request, 'x-correlation-id');
  const traceparent = readTraceparent(header(request, 'traceparent'));
  return {
    actor, correlationId: correlation !== undefined && /^[\x21-\x7e]{1,128}$/.test(correlation) ? correlation : request.id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function idempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return createHash('sha256').update(key).digest('hex');
  throw new ProblemError('MalformedRequest', { detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters without blanks' });
}

/** What was asked, whatever the order of keys in the body. */
function requestHash(request: FastifyRequest): string {
  return createHash('sha256').update(`${request.method} ${request.url}\n${canonicalJson(request.body)}`).digest('hex');
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join()}}`;
}
