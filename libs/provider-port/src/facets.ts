import type { Applied, Changes, Desired, Observed } from './provider-adapter';
import { isProviderError } from './provider-error';
import { orAbsent } from './find-own';
import { applyRelations, type RelationStep } from './relations';

/** The other end of a relation: its name, and where it stands as far as that is known. */
export interface End {
  readonly name: string;
  readonly arn: string | undefined;
}

/** One facet of things of one kind: how it is asked about and how it is changed. */
export interface FacetCalls {
  readonly facet: string;
  /** Names of the other ends. @throws ProviderError `NotFound` where the owner is not there */
  standing(owner: Observed): Promise<readonly string[]>;
  /** Succeeds where it is so already. */
  add(owner: Observed, end: End): Promise<unknown>;
  /** @throws ProviderError `NotFound` where there is no such relation */
  remove(owner: Observed, end: End): Promise<unknown>;
  /** Whether the other end is there. */
  exists(end: End): Promise<boolean>;
}

type RelationChanges = Pick<Changes, 'addTo' | 'removeFrom'>;

/** Reads these facets of it; undefined where it was deleted meanwhile. */
export async function withFacets(observed: Observed, facets: readonly FacetCalls[]): Promise<Observed | undefined> {
  let seen = observed;
  for (const { facet, standing } of facets) {
    const names = await orAbsent(standing(observed));
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
    return [
      ...endsOf(facet, addTo[facet]).map((end) => ({ facet, name: end.name, apply: async () => void await calls.add(observed, end) })),
      ...endsOf(facet, removeFrom[facet]).map((end) => ({ facet, name: end.name, apply: () => remove(calls, observed, end) })),
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
 * `NotFound` is said of what is so already, of what is not seen yet, and of another end that is not there. Only the first may pass for
 * done: the owner has no such relation at all, or the other end is there and the relation is not.
 */
async function remove(calls: FacetCalls, owner: Observed, end: End): Promise<void> {
  try {
    await calls.remove(owner, end);
  } catch (error) {
    if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    const names = await orAbsent(calls.standing(owner));
    if (names?.length === 0) return;
    if (names === undefined || names.includes(end.name) || !(await calls.exists(end))) throw error;
  }
}
