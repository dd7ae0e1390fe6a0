import { partAt, partsIn, writtenIn } from '@wami/provider-port';
import type { Binding } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import { kindNamed, type Document } from '../kinds';
import { nameInTheOpen } from '../reconcile/part-names';
import type { EndStatus, Work } from '../reconcile/work';

/** The thing itself. */
export const THING = 'thing';

/** A relation of a resource, by the id of its other end. */
export const relationTake = (facet: string, other: string): string => `${facet}:${other}`;

/** An inline policy or a federated credential of a resource, by the field of its shape; what is held is told in the open. */
export function partTake(field: string): string {
  const { part = '', name = '' } = partAt(field) ?? {};
  return relationTake(part, nameInTheOpen(name));
}

/**
 * What a pass over a binding would take away at the target: the thing, or relations of it that stand or may, and inline policies and federated credentials that are on record. Pure.
 */
export function takesOf({ binding, resource, relations, ends, lost }: Work): string[] {
  const { presence, triedEnds, deleted, wanted, kind } = binding;
  if (!wanted || (presence === null && !lost)) return [];
  if (deleted) return [THING];
  const parts = Object.keys(partsIn(presence?.fields ?? {})).filter((field) => !isAskedFor(field, resource.document ?? {}) && !isGoneThere(binding, `fields/${field}`)).map(partTake);
  return [...parts, ...Object.keys(kindNamed(kind).facets).flatMap((facet) => {
    const keep = new Set(relations[facet] ?? []);
    const standing = new Set([...(presence ? standingFacets(presence)[facet] ?? [] : []), ...(triedEnds[facet] ?? [])]);
    return [...standing].filter((id) => !keep.has(id) && !isGoneThere(binding, `${facet}/${id}`) && isStanding(ends.get(id)?.is)).map((id) => relationTake(facet, id));
  })].sort();
}

function isAskedFor(field: string, document: Document): boolean {
  const at = partAt(field);
  return at !== undefined && Object.hasOwn(writtenIn(at.part, document), at.name);
}

/** Somebody took it away at the target, and that is becoming intent: nothing is left to take. */
function isGoneThere({ presence }: Binding, part: string): boolean {
  return presence?.pulled?.differences.some(({ at, found }) => at === part && found === undefined) ?? false;
}

function isStanding(is: EndStatus['is'] | undefined): boolean {
  return is === 'ready' || is === 'leaving';
}

/** The other ends of what would be taken away that are being deleted themselves: with their own deletion these relations go anyway. Pure. */
export function leavingEnds({ ends }: Work, takes: readonly string[]): string[] {
  return takes.map(otherEndOf).filter((id) => ends.get(id)?.is === 'leaving');
}

export function otherEndOf(take: string): string {
  return take.slice(take.indexOf(':') + 1);
}

/** The same work, but for relations that are not to be taken away: they are neither made nor removed. */
export function without(work: Work, takes: readonly string[]): Work['ends'] {
  const left = new Set(takes.map(otherEndOf));
  return new Map([...work.ends].map(([id, end]) => [id, left.has(id) ? { kind: end.kind, is: 'absent' as const } : end]));
}
