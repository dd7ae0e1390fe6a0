import { setTimeout as wait } from 'node:timers/promises';
import { inDoubt, ProviderError, type CallContext } from '@wami/provider-port';
import { toProviderError } from './gcp.errors';

/** So long an operation is asked for its end, in steps that grow from the first to the last of these. */
const PATIENCE_MS = 30_000;
const STEPS_MS = [250, 500, 1_000, 2_000] as const;

export interface Operation {
  readonly name?: string | null;
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

/** What the operation has made, once it has ended. `ask`: one look at it. @throws ProviderError with an unknown effect where it has not ended in time or cannot be asked */
export async function endedOperation<T>(begun: Operation, ask: (name: string) => Promise<Operation>, { signal }: CallContext): Promise<T> {
  let operation = begun;
  for (let waited = 0, step = 0; operation.done !== true && operation.name && waited < PATIENCE_MS; step += 1) {
    const pause = STEPS_MS[Math.min(step, STEPS_MS.length - 1)] ?? 0;
    await paused(pause, signal);
    waited += pause;
    operation = await inDoubt(ask(operation.name));
  }
  return finishedOperation<T>(operation);
}

async function paused(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch {
    throw new ProviderError('Timeout', 'Google had not said in time how it ended', { effect: 'unknown' });
  }
}
