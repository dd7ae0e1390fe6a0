import type { Observed, Reference } from './provider-adapter';
import { isProviderError, ProviderError } from './provider-error';

/**
 * Looks under each name, most likely first, until ours is found: by its lasting id, else by our mark. What is not ours counts only under
 * the last name, the one that the resource should have: a stranger who took a name that we gave up is in nobody's way.
 */
export async function findOwn(
  reference: Reference,
  lookUp: (name: string) => Promise<Observed | undefined>,
): Promise<Observed | undefined> {
  let marked: Observed | undefined;
  let standing: Observed | undefined;
  for (const name of new Set(reference.names)) {
    const found = await lookUp(name);
    if (found !== undefined && found.providerResourceId === reference.providerResourceId) return found;
    if (found?.mark?.id === reference.mark.id) {
      if (reference.providerResourceId === undefined) return found;
      marked ??= found;
    }
    standing = found;
  }
  return marked ?? standing;
}

/** Undefined where the provider says that there is no such thing. */
export async function orAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isProviderError(error) && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** A repeated rename ends so: the old name is not there any more, or the new one is there already. */
export function mayBeDone(error: unknown): boolean {
  return isProviderError(error) && (error.code === 'NotFound' || error.code === 'AlreadyExists');
}

/** For a look after a call that may have been carried out: where the look fails it is open whether it was. */
export async function inDoubt<T>(look: Promise<T>): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new ProviderError(error.code, error.message, { ...error.options, effect: 'unknown' });
  }
}
