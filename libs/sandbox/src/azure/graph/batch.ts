import type { Fields } from '../azure-state';
import { AzureError, badRequest, segmentNotFound } from '../errors';
import type { Route } from '../../cloud/router';
import { parseBody } from './body';
import type { GraphAnswer, GraphCall, GraphOperation } from './operation';

/** Most requests in one batch (JSON batching, Graph reference). */
const MOST = 20;

interface Asked {
  readonly id: string;
  readonly url: string;
}

/**
 * Answers each request of a batch on its own, all of them with what the batch as a whole is to be refused with where that is so. As the
 * reference allows, the answers come in another order. Reads are all that it carries.
 */
export function answerBatch(call: GraphCall, find: (method: string, pathname: string) => Route<GraphOperation> | undefined): GraphAnswer {
  const asked = requestsOf(parseBody(call.body));
  return { status: 200, body: { responses: asked.map((one) => ({ id: one.id, ...answered(call, one, find) })).reverse() } };
}

function answered(call: GraphCall, { url: local }: Asked, find: Parameters<typeof answerBatch>[1]): object {
  const { refusal } = call;
  try {
    if (refusal !== undefined) throw refusal;
    const url = new URL(`/v1.0${local}`, call.url);
    const route = find('GET', url.pathname);
    if (route === undefined) throw segmentNotFound(local);
    const { status, headers = {}, body } = route.operation.run({ ...call, url, query: url.searchParams, path: route.path, body: '' });
    return { status, headers: { ...headers, 'Content-Type': 'application/json' }, body };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const headers = error.status === 429 ? { 'Retry-After': '1' } : {};
    return { status: error.status, headers: { ...headers, 'Content-Type': 'application/json' }, body: { error: { code: error.code, message: error.message } } };
  }
}

function requestsOf({ requests }: Fields): readonly Asked[] {
  if (!Array.isArray(requests) || requests.length === 0) throw badRequest('Invalid batch payload format.');
  if (requests.length > MOST) throw badRequest(`Number of batch request steps exceeds the maximum value of ${MOST}.`);
  const asked = (requests as readonly Fields[]).map(askedOf);
  if (new Set(asked.map(({ id }) => id)).size < asked.length) throw badRequest('Invalid batch payload: ids must be unique.');
  return asked;
}

function askedOf({ id, method, url, dependsOn }: Fields): Asked {
  if (typeof id !== 'string' || id === '' || typeof method !== 'string' || typeof url !== 'string') throw badRequest('Invalid batch payload format.');
  if (!url.startsWith('/')) throw badRequest(`Invalid batch payload: '${url}' is not relative to the version.`);
  if (method !== 'GET' || dependsOn !== undefined) throw badRequest('The sandbox carries reads in a batch, none of which depends on another.');
  return { id, url };
}
