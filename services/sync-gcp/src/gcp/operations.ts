import { ProviderError } from '@wami/provider-port';
import { toProviderError } from './gcp.errors';

interface Operation {
  readonly done?: boolean | null;
  readonly error?: { readonly code?: number | null; readonly message?: string | null };
  readonly response?: Readonly<Record<string, unknown>> | null;
}

/** HTTP's numbers of those codes (google.rpc.Code) that an operation may end in; of any other Google's own fault. */
const HTTP: Readonly<Record<number, readonly [number, string]>> = {
  3: [400, 'INVALID_ARGUMENT'], 5: [404, 'NOT_FOUND'], 6: [409, 'ALREADY_EXISTS'], 7: [403, 'PERMISSION_DENIED'], 8: [429, 'RESOURCE_EXHAUSTED'], 9: [400, 'FAILED_PRECONDITION'], 10: [409, 'ABORTED'],
};

/** What a finished operation has made. @throws ProviderError what it ended in; with an unknown effect where it goes on */
export function finishedOperation<T>({ done, error, response }: Operation): T {
  if (error?.message) {
    const [status, code] = HTTP[error.code ?? 0] ?? [500, 'INTERNAL'];
    throw toProviderError({ response: { status, data: { error: { status: code, message: error.message } } } }, 'the operation');
  }
  if (done !== true) throw new ProviderError('Unavailable', 'Google has begun it and does not say yet how it ended', { effect: 'unknown' });
  return (response ?? {}) as T;
}
