import type { BuiltRequest } from './build-request';
import { referencesOf, type Side } from './sides';

export interface Answered {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

const TIMEOUT_MS = 30_000;
/** Headers that say nothing of what was asked for. */
const UNTOLD = ['date', 'content-length', 'connection', 'keep-alive', 'x-request-id', 'transfer-encoding'];

export async function send({ method, url, body }: BuiltRequest, token: string | undefined, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const response = await fetch(url, {
    method, signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? { 'wami-consistency': 'strong' } : {}), ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: [...response.headers.keys()].filter((name) => !UNTOLD.includes(name)).sort(), text: await response.text() };
}

/** The same for two answers that tell a caller the same: what the request itself named, and what differs from call to call, is blanked. */
export function shapeOf({ status, headers, text }: Answered, sides: readonly Side[]): string {
  const blanked = sides.flatMap(referencesOf).sort((a, b) => b.length - a.length)
    .reduce((rest, reference) => rest.replaceAll(encodeURIComponent(reference), '«»').replaceAll(reference, '«»'), text);
  return `${status} ${headers.join()} ${blanked.replaceAll(/req_[0-9A-Z]{26}/g, 'req').replaceAll(/(made|batch)-\d+|\/t\d+x/g, 'name')}`;
}
