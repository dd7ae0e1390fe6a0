import type { Presence } from './binding';

/** Relations that stand at the target: those that we left there, and those of others that are to be taken away. Facet -> ids of the other ends. */
export function standingFacets({ facets, found }: Pick<Presence, 'facets' | 'found'>): Presence['facets'] {
  if (found === undefined) return facets;
  return Object.fromEntries([...new Set([...Object.keys(facets), ...Object.keys(found)])].map((facet) => [facet, [...new Set([...facets[facet] ?? [], ...found[facet] ?? []])].sort()]));
}
