import { isProviderError, ProviderError, type Applied, type Changes, type Desired, type Observed } from '@wami/provider-port';
import { orAbsent } from './find-own';
import { applyRelations, type RelationStep } from './relations';

/** The other end of a relation: its name, and where it stands as far as that is known. */
export interface End {
  readonly name: string;
  readonly arn: string | undefined;
}

/** One facet of things of one kind: how IAM is asked about it and how it is changed. */
export interface FacetCalls {
  readonly facet: string;
  /** Names of the other ends. @throws ProviderError `NotFound` where the owner is not there */
  standing(owner: string): Promise<readonly string[]>;
  add(owner: string, end: End): Promise<unknown>;
  remove(owner: string, end: End): Promise<unknown>;
  /** Whether the other end is there. */
  exists(end: End): Promise<boolean>;
}

type RelationChanges = Pick<Changes, 'addTo' | 'removeFrom'>;

/** Reads these facets of it; undefined where it was deleted meanwhile. */
export async function withFacets(observed: Observed, facets: readonly FacetCalls[]): Promise<Observed | undefined> {
  let seen = observed;
  for (const { facet, standing } of facets) {
    const names = await orAbsent(standing(observed.name));
    if (names === undefined) return undefined;
    seen = withFacet(seen, facet, names);
  }
  return seen;
}

export function withFacet(observed: Observed, facet: string, names: readonly string[]): Observed {
  const { shape, facetsRead } = observed;
  return { ...observed, shape: { ...shape, facets: { ...shape.facets, [facet]: sorted(names) } }, facetsRead: [...new Set([...facetsRead, facet])] };
}

export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** Makes and takes away relations one by one; the good ones count. */
export async function applyFacets(observed: Observed, facets: readonly FacetCalls[], { addTo, removeFrom }: RelationChanges, { ends = {} }: Desired): Promise<Applied> {
  const endsOf = (facet: string, names: readonly string[] = []): End[] => names.map((name) => ({ name, arn: ends[facet]?.[name] }));
  const steps = facets.flatMap((calls): RelationStep[] => {
    const { facet } = calls;
    const step = (end: End, apply: () => Promise<unknown>): RelationStep => ({
      facet,
      name: end.name,
      apply: async () => {
        await apply();
      },
    });
    return [
      ...endsOf(facet, addTo[facet]).map((end) => step(end, () => calls.add(observed.name, end))),
      ...endsOf(facet, removeFrom[facet]).map((end) => step(end, () => remove(calls, observed.name, end))),
    ];
  });
  const rejected = await applyRelations(steps);
  return { observed: facets.reduce((seen, { facet }) => afterwards(seen, facet, { addTo, removeFrom }, rejected), observed), rejected };
}

function afterwards(observed: Observed, facet: string, { addTo, removeFrom }: RelationChanges, rejected: Applied['rejected']): Observed {
  if (!observed.facetsRead.includes(facet)) return observed;
  const refused = new Set(rejected.filter((one) => one.facet === facet).map(({ name }) => name));
  const done = (names: readonly string[] = []): string[] => names.filter((name) => !refused.has(name));
  const gone = new Set(done(removeFrom[facet]));
  return withFacet(observed, facet, [...(observed.shape.facets[facet] ?? []).filter((name) => !gone.has(name)), ...done(addTo[facet])]);
}

/**
 * IAM answers NoSuchEntity for what is so already, for what it does not see yet, and for another end that has another name by now. Only the
 * first may pass for done: the owner has no such relation at all, or the other end is there and the relation is not.
 */
async function remove(calls: FacetCalls, owner: string, end: End): Promise<void> {
  try {
    await calls.remove(owner, end);
  } catch (error) {
    if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    const names = await orAbsent(calls.standing(owner));
    if (names?.length === 0) return;
    if (names === undefined || names.includes(end.name) || !(await calls.exists(end))) throw error;
  }
}

/** The ARN of an end that is called by it. @throws ProviderError `NotFound` where nothing of that name is known at the target */
export function arnOf({ name, arn }: End): string {
  if (arn === undefined) throw new ProviderError('NotFound', `${name} is not known at this target`, { effect: 'none' });
  return arn;
}
