import { findOwn, type Observed, type Reference } from '@wami/provider-port';

/**
 * As `findOwn`; and where no name leads to the very thing that is on record, under the name that somebody else gave it: IAM reads by name alone, and
 * taken for gone it would be made a second time, or left standing. `nameOf`: of an id, from a list of all.
 */
export async function findOwnAnywhere(reference: Reference, named: (name: string) => Promise<Observed | undefined>, nameOf: (id: string) => Promise<string | undefined>): Promise<Observed | undefined> {
  const found = await findOwn(reference, named);
  const { providerResourceId: id, mark } = reference;
  if (id === undefined || found?.providerResourceId === id || found?.mark?.id === mark.id) return found;
  const name = await nameOf(id);
  return (name === undefined ? undefined : await named(name)) ?? found;
}
