import { ProblemError } from '@wami/platform';

const UNDEFINED_TABLE = '42P01';

/** Tables that a release before did not keep are there once its read models were built anew: until then everything else answers. */
export async function whenBuilt<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if ((error as { readonly code?: string }).code !== UNDEFINED_TABLE) throw error;
    throw new ProblemError('Unavailable', { detail: 'the read models that this rests on are being built', retryAfter: 5 });
  }
}
