import { findOwn, type Observed, type Reference } from '@wami/provider-port';

/** As `findOwn`, where many things may have one name: of these ours counts, else the one that is spelled so, else the first. */
export function findNamed(reference: Reference, named: (name: string) => Promise<readonly Observed[]>): Promise<Observed | undefined> {
  return findOwn(reference, async (name) => {
    const all = await named(name);
    return all.find(({ mark }) => mark?.id === reference.mark.id) ?? all.find((one) => one.name === name) ?? all[0];
  });
}
