import { createHash } from 'node:crypto';
import { INLINE_POLICIES, inlineIn, inlineOf } from '@wami/provider-port';
import type { Binding } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import { kindNamed } from '../kinds';
import type { EndStatus, Work } from '../reconcile/work';

/** The thing itself. */
export const THING = 'thing';

/** A relation of a resource, by the id of its other end. */
export const relationTake = (facet: string, other: string): string => `${facet}:${other}`;

/** An inline policy of a resource. Its name may be about a person, and what is held is told in the open. */
export const inlineTake = (name: string): string => relationTake(INLINE_POLICIES, createHash('sha256').update(name).digest('base64url').slice(0, 22));

/**
 * What a pass over a binding would take away at the target: the thing, or relations of it that stand or may, and inline policies that are on record. Pure.
 */
export function takesOf({ binding, resource, relations, ends, lost }: Work): string[] {
  const { presence, triedEnds, deleted, wanted, kind } = binding;
  if (!wanted || (presence === null && !lost)) return [];
  if (deleted) return [THING];
  const wantedInline = inlineOf(resource.document ?? {});
  const inline = Object.keys(inlineIn(presence?.fields ?? {})).filter((name) => wantedInline[name] === undefined).map(inlineTake);
  return [...inline, ...Object.keys(kindNamed(kind).facets).flatMap((facet) => {
    const keep = new Set(relations[facet] ?? []);
    const standing = new Set([...(presence ? standingFacets(presence)[facet] ?? [] : []), ...(triedEnds[facet] ?? [])]);
    return [...standing].filter((id) => !keep.has(id) && !isGoneThere(binding, facet, id) && isStanding(ends.get(id)?.is)).map((id) => relationTake(facet, id));
  })].sort();
}

/** Somebody took it away at the target, and that is becoming intent: nothing is left to take. */
function isGoneThere({ presence }: Binding, facet: string, id: string): boolean {
  return presence?.pulled?.differences.some(({ at, found }) => at === `${facet}/${id}` && found === undefined) ?? false;
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
