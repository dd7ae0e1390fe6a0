import type { ApiOperation } from './api-operations';
import { send } from './call';
import type { Fixtures } from './fixtures';
import { referencesOf, type Side } from './sides';

export interface Stranger {
  readonly name: string;
  readonly token: string;
  readonly own: Side;
}

const STREAM_MS = 15_000;
let streamed = 0;

/** The first of another tenant's names and ids that stands in a text; those of the caller's own path are his to know. */
export function canaryIn(text: string, foreign: Side, { own }: Pick<Stranger, 'own'>): string | undefined {
  return [foreign.label, ...referencesOf(foreign).filter((reference) => !own.tenant.startsWith(reference))].find((canary) => text.includes(canary));
}

/** A list goes on after a place that another tenant's administrator was given. */
export async function withForeignCursor(operation: ApiOperation, foreign: Side, stranger: Stranger): Promise<string | undefined> {
  if (operation.method !== 'GET' || !operation.queryParameters.includes('cursor') || operation.pathParameters.length > 0) return undefined;
  const url = `${operation.origin}${operation.path}?limit=1`;
  const { nextCursor } = JSON.parse((await send({ method: 'GET', url }, foreign.administrator)).text) as { nextCursor?: string };
  if (nextCursor === undefined) return `${operation.name}: the other tenant has no second page, so its cursor could not be tried`;
  const { text } = await send({ method: 'GET', url: `${url}&cursor=${encodeURIComponent(nextCursor)}` }, stranger.token);
  const told = canaryIn(text, foreign, stranger);
  return told === undefined ? undefined : `${operation.name} as ${stranger.name} with a foreign cursor: tells ${told}`;
}

/** The other tenant's own request once more, under its Idempotency-Key. */
export async function withForeignIdempotencyKey(operations: readonly ApiOperation[], foreign: Side, stranger: Stranger): Promise<string | undefined> {
  const operation = operations.find(({ name }) => name === 'POST /v1/users');
  if (!operation) return 'POST /v1/users is not described';
  const request = { method: 'POST', url: `${operation.origin}/v1/users`, body: { tenant: foreign.tenant, userName: `${foreign.label}-repeated` } };
  const headers = { 'idempotency-key': 'known-to-both' };
  const first = await send(request, foreign.administrator, headers);
  if (first.status !== 201) return `the request to be repeated answered ${first.status}: ${first.text}`;
  const { status, text } = await send(request, stranger.token, headers);
  return [403, 404].includes(status) && canaryIn(text, { ...foreign, tenant: foreign.label }, stranger) === undefined ? undefined : `a foreign Idempotency-Key as ${stranger.name}: ${status} ${text}`;
}

/** Listens while both tenants write, until it has heard of its own. */
export async function onStream(operations: readonly ApiOperation[], fixtures: Fixtures, foreign: Side, stranger: Stranger): Promise<string | undefined> {
  const operation = operations.find(({ name }) => name === 'GET /v1/events');
  if (!operation) return 'GET /v1/events is not described';
  const signal = AbortSignal.timeout(STREAM_MS);
  const stop = new AbortController();
  const response = await fetch(`${operation.origin}/v1/events`, {
    headers: { authorization: `Bearer ${stranger.token}`, accept: 'text/event-stream' }, signal: AbortSignal.any([signal, stop.signal]),
  });
  const name = `streamed-${++streamed}`;
  await fixtures.post('/v1/users', { tenant: foreign.tenant, userName: `${foreign.label}-${name}` });
  const own = String((await fixtures.post('/v1/users', { tenant: stranger.own.tenant, userName: name }))['id']);
  let text = '';
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(part).toString();
    if (text.includes(own)) break;
  }
  stop.abort();
  const told = canaryIn(text, foreign, stranger);
  return told === undefined ? undefined : `the stream of events as ${stranger.name}: tells ${told}`;
}
