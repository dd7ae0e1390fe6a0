import type { Difference, DriftKind } from '@wami/contracts';
import { OWNER, type Observed } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import type { Pass } from '../reconcile/pass';
import { isBothWays } from '../direction/both-ways';
import type { Ages } from '../reconcile/decide';
import { lostItsMark, ownerOf } from '../reconcile/ownership';
import { observedShape, type ComparedShape } from '../reconcile/shape';
import type { Work } from '../reconcile/work';

/** What somebody else changed at a target since it was last made to agree. */
export interface Drift {
  readonly is: DriftKind;
  readonly differences: readonly Difference[];
}

/** An event stays well below what the log takes for one. */
const MOST = { differences: 100, characters: 250 };

/**
 * How what a look found differs from what the target was last made to hold; undefined where it does not, where nobody asked to compare, or where an
 * unfinished attempt of our own may be what made the difference, or where what we made a moment ago may only not be visible yet. Pure.
 */
export function driftOf({ work, remembered, reference }: Pass, found: Observed | undefined, { now, visibilityMs }: Pick<Ages, 'now' | 'visibilityMs'>): Drift | undefined {
  const { lost, binding: { verifySince, deleted, presence } } = work;
  if ((verifySince === null && !isBothWays(work)) || deleted || lost || presence === null || remembered === undefined) return undefined;
  if (found === undefined && now - (presence.createdAt ?? -Infinity) < visibilityMs) return undefined;
  if (found === undefined || ownerOf(found, reference.mark, presence) !== 'ours') return { is: 'missing', differences: [{ at: 'thing', expected: presence.name }] };
  const differences = [...differencesBetween(withoutFound(remembered, presence), observedShape(found, remembered, work), work), ...(lostItsMark(found, presence) && work.config.direction !== 'pull' ? [{ at: 'mark', expected: 'wami' }] : [])];
  return differences.length === 0 ? undefined : { is: 'changed', differences: differences.slice(0, MOST.differences) };
}

/** What others made and is still to be taken away is theirs. */
function withoutFound(remembered: ComparedShape, { found = {} }: Presence): ComparedShape {
  return { ...remembered, facets: Object.fromEntries(Object.entries(remembered.facets).map(([facet, ids]) => [facet, ids.filter((id) => !found[facet]?.includes(id))])) };
}

function differencesBetween(from: ComparedShape, to: ComparedShape, { ends }: Work): Difference[] {
  const nameOf = (id: string): string => {
    const end = ends.get(id);
    return end && 'name' in end ? end.name : id;
  };
  const facets = Object.keys(from.facets).flatMap((facet) => {
    const [had, has] = [from.facets[facet] ?? [], to.facets[facet] ?? []];
    return [
      ...had.filter((id) => !has.includes(id)).map((id) => ({ at: `${facet}/${id}`, expected: nameOf(id) })),
      ...has.filter((id) => !had.includes(id)).map((id) => ({ at: `${facet}/${id}`, found: nameOf(id) })),
    ];
  });
  return [...valuesBetween('fields', from.fields, to.fields, Object.keys(from.fields).filter((field) => field !== OWNER)), ...valuesBetween('tags', from.tags, to.tags, [...Object.keys(from.tags), ...Object.keys(to.tags)]), ...facets];
}

type Values = Readonly<Record<string, string>>;

function valuesBetween(part: string, from: Values, to: Values, keys: readonly string[]): Difference[] {
  return [...new Set(keys)].sort().filter((key) => from[key] !== to[key]).map((key) => ({ at: `${part}/${key}`, ...told('expected', from[key]), ...told('found', to[key]) }));
}

function told<K extends 'expected' | 'found'>(side: K, value: string | undefined): { readonly [P in K]?: string } {
  if (value === undefined) return {};
  return { [side]: value.length > MOST.characters ? `${value.slice(0, MOST.characters)}…` : value } as { readonly [P in K]?: string };
}
