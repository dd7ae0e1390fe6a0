import { ProviderError } from '@wami/provider-port';
import { toProviderError } from './azure.errors';

/** Most requests that one batch may carry (JSON batching, Graph reference). */
export const MOST_IN_BATCH = 20;

export interface BatchAnswer {
  readonly id?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What a batch of reads sends: `addresses` stand below the version, with their queries. */
export function batchOf(addresses: readonly string[]): object {
  return { requests: addresses.map((url, index) => ({ id: String(index), method: 'GET', url })) };
}

/**
 * The answers in the order of the questions, whatever the order that they came in; undefined for what is not there. A batch that was refused in
 * part tells nothing of the rest. @throws ProviderError of the first that was refused
 */
export function readsOf<T>(responses: readonly BatchAnswer[], operations: readonly string[]): (T | undefined)[] {
  const byId = new Map(responses.map((response) => [response.id, response]));
  return operations.map((operation, index) => readOf<T>(byId.get(String(index)), operation));
}

function readOf<T>(answer: BatchAnswer | undefined, operation: string): T | undefined {
  if (answer?.status === undefined) throw new ProviderError('Internal', `a batch was answered without ${operation}: it is not the service's`, { effect: 'none', details: { operation } });
  if (answer.status < 300) return answer.body as T;
  const { code, message = '' } = ((answer.body as { readonly error?: { readonly code?: string; readonly message?: string } } | undefined)?.error ?? {});
  const refusal = toProviderError({ name: 'GraphError', message, code, statusCode: answer.status, headers: new Headers(answer.headers) }, operation);
  if (refusal.code === 'NotFound') return undefined;
  throw refusal;
}
