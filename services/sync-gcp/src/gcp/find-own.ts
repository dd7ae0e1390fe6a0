import { isProviderError, ProviderError, type Observed, type Reference } from '@wami/provider-port';

/** Nothing at Google gets another name, so ours stands under one of these: known by its lasting id, else by our mark. What is not ours counts under the last one only. */
export async function findOwn(reference: Reference, lookUp: (name: string) => Promise<Observed | undefined>): Promise<Observed | undefined> {
  let marked: Observed | undefined;
  let standing: Observed | undefined;
  for (const name of new Set(reference.names)) {
    const found = await lookUp(name);
    if (found !== undefined && found.providerResourceId === reference.providerResourceId) return found;
    if (found?.mark?.id === reference.mark.id) marked ??= found;
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

/** Name and number are there for good. @throws ProviderError `Unsupported` where it was to get another name; what else was to be done is to be done before. */
export function refuseRename(what: string, { name }: Observed, fields: Readonly<Record<string, string>>): void {
  if (fields['name'] === undefined || fields['name'] === name) return;
  throw new ProviderError('Unsupported', `name: Google cannot change this of a ${what}; all else is done. Set it back, or make another one and delete this`);
}
