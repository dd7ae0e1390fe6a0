import { ProviderError } from './provider-error';

/**
 * What the call comes to, or `Timeout` with this effect once the signal aborts: SDKs heed a signal only once they have credentials, and fetching
 * those may take longer than the call is given.
 */
export async function endingWith<T>(signal: AbortSignal, effect: 'none' | 'unknown', operation: string, call: Promise<T>): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new ProviderError('Timeout', `${operation} was not answered in time`, { effect, details: { operation } }));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([call, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
