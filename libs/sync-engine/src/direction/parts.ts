import { OWNER } from '@wami/provider-port';
import type { ComparedShape } from '../reconcile/shape';

/** One part of a resource: `fields/path`, `tags/team`, `groups/grp_...` (its value is the id again). Without a value it is not there. */
export interface Part {
  readonly at: string;
  readonly value: string | undefined;
}

/** Where base, intent and target do not all say the same. */
export interface Side {
  readonly at: string;
  readonly base: string | undefined;
  readonly wanted: string | undefined;
  readonly found: string | undefined;
}

/** Every part of a shape by its place. Pure. */
export function partsOf({ fields, tags, facets }: ComparedShape): Map<string, string> {
  return new Map([
    ...Object.entries(fields).map(([key, value]) => [`fields/${key}`, value] as const), ...Object.entries(tags).map(([key, value]) => [`tags/${key}`, value] as const),
    ...Object.entries(facets).flatMap(([facet, ids]) => ids.map((id) => [`${facet}/${id}`, id] as const)),
  ]);
}

/** Only of what WAMI manages of the kind: fields that nobody can say here, whom it belongs to, and facets that the adapter does not have, are left out. Pure. */
export function sidesOf(base: ComparedShape, wanted: ComparedShape, found: ComparedShape): Side[] {
  const [was, here, there] = [partsOf(base), partsOf(wanted), partsOf(found)];
  const isManaged = (at: string): boolean => at !== `fields/${OWNER}` && (at.startsWith('tags/') || here.has(at) || was.has(at) || (!at.startsWith('fields/') && splitAt(at).part in wanted.facets));
  return [...new Set([...was.keys(), ...here.keys(), ...there.keys()])].filter(isManaged).sort()
    .map((at) => ({ at, base: was.get(at), wanted: here.get(at), found: there.get(at) }))
    .filter((side) => side.base !== side.wanted || side.wanted !== side.found);
}

/** The shape with these parts as they are said here. Pure. */
export function withParts<Shape extends ComparedShape>(shape: Shape, parts: readonly Part[]): Shape {
  const all = partsOf(shape);
  for (const { at, value } of parts) {
    if (value === undefined) all.delete(at);
    else all.set(at, value);
  }
  const facets: Record<string, string[]> = Object.fromEntries(Object.keys(shape.facets).map((facet) => [facet, []]));
  const fields: Record<string, string> = {};
  const tags: Record<string, string> = {};
  for (const [at, value] of all) {
    const { part, key } = splitAt(at);
    if (part === 'fields') fields[key] = value;
    else if (part === 'tags') tags[key] = value;
    else facets[part] = [...(facets[part] ?? []), key].sort();
  }
  return { ...shape, fields, tags, facets };
}

function splitAt(at: string): { readonly part: string; readonly key: string } {
  const slash = at.indexOf('/');
  return { part: at.slice(0, slash), key: at.slice(slash + 1) };
}
