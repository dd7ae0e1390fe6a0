import type { Changes, Desired, Observed, ResourceHandler } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import { ownerAt } from '../issued/owner';
import { kindNamed } from '../kinds';
import { withoutTaken } from '../merge/taken-over';
import { boundaryAt, freed } from './boundary';
import { concerning, withdrawnParts } from './parts';
import type { Awaited } from './outcome';
import { endRests } from './waiting-for';
import type { Work } from './work';

/** A resource in the form in which two sides are compared: relations by the ids of their other ends, since names change. */
export interface ComparedShape {
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly facets: Readonly<Record<string, readonly string[]>>;
}

/** What should be at the target as far as it can be by now, and what has to wait. */
export interface Wanted extends ComparedShape {
  readonly desired: Desired;
  /** Other ends that are not there yet, or cannot be called by a name now; those that nothing more is done about by itself are the last. */
  readonly blocked: readonly Awaited[];
}

export function wantedShape(work: Work, mark: Desired['mark'], name: string, handler: Pick<ResourceHandler, 'shape' | 'facets'>): Wanted {
  const facets: Record<string, string[]> = {};
  const blocked: Awaited[] = [];
  for (const facet of handler.facets) {
    const ids = work.relations[facet] ?? [];
    facets[facet] = ids.filter((id) => work.ends.get(id)?.is === 'ready').sort();
    const standing = work.binding.presence ? standingFacets(work.binding.presence)[facet] ?? [] : [];
    blocked.push(...ids.filter((id) => work.ends.get(id)?.is === 'pending').map((resource) => ({ until: 'present' as const, resource })));
    blocked.push(...moving(work, [...ids.filter((id) => !standing.includes(id)), ...standing.filter((id) => !ids.includes(id))]));
  }
  const ends = Object.fromEntries(handler.facets.map((facet) => [facet, arnsByName(work, facet)]));
  const boundary = boundaryAt(work);
  const owner = kindNamed(work.binding.kind).belongsTo ? ownerAt(work) : {};
  const desired: Desired = { mark, name, document: documentOf(work), facets: mapValues(facets, (ids) => namesOf(work, ids)), ends, ...(boundary === undefined ? {} : { boundary }), ...owner };
  const { fields, tags } = handler.shape(desired);
  return { desired, fields, tags, facets, blocked: blocked.sort((a, b) => Number(endRests(work.ends.get(a.resource))) - Number(endRests(work.ends.get(b.resource))) || (a.resource < b.resource ? -1 : 1)) };
}

/** Those of these other ends that cannot be called by a name now. */
export function moving({ ends }: Work, ids: readonly string[]): Awaited[] {
  return ids.filter((id) => ends.get(id)?.is === 'moving').map((resource) => ({ until: 'named', resource }));
}

/** Tags that the tenant puts on everything stand below the resource's own. */
function documentOf({ resource, config }: Work): Desired['document'] {
  const document = resource.document ?? {};
  return { ...document, tags: { ...config.tags, ...(document['tags'] as Record<string, string> | undefined) } };
}

/** What we remember to have left at the target. Relations whose other end is gone or not ours to care for are left out. */
export function rememberedShape(presence: Presence, work: Work): ComparedShape {
  const { fields, tags } = presence;
  return { fields: concerning(fields, work), tags, facets: mapValues(standingFacets(presence), (ids) => ids.filter((id) => nameOf(work, id) !== undefined)) };
}

/** What was seen at the target. Relations to what is not ours are nobody's concern here; facets that were not read are as remembered. */
export function observedShape({ shape, facetsRead }: Observed, remembered: ComparedShape | undefined, work: Work): ComparedShape {
  const read = facetsRead.map((facet) => {
    const ids = idsByName(work, facet);
    return [facet, (shape.facets[facet] ?? []).flatMap((name) => ids.get(name) ?? [])] as const;
  });
  return withoutTaken({ fields: concerning(shape.fields, work), tags: shape.tags, facets: { ...remembered?.facets, ...Object.fromEntries(read) } }, work.binding.presence?.taken);
}

/** Other ends of a facet that have a name at the target, by it: things of two kinds may have the same. */
export function idsByName({ binding: { kind }, ends }: Pick<Work, 'binding' | 'ends'>, facet: string): ReadonlyMap<string, string> {
  const of = kindNamed(kind).facets[facet]?.of;
  return new Map([...ends].flatMap(([id, end]) => (end.kind === of && 'name' in end ? [[end.name, id] as const] : [])));
}

function arnsByName(work: Work, facet: string): Record<string, string> {
  return Object.fromEntries([...idsByName(work, facet)].flatMap(([name, id]) => {
    const end = work.ends.get(id);
    return end && 'nativeArn' in end && end.nativeArn !== undefined ? [[name, end.nativeArn]] : [];
  }));
}

/** Name of another end at the target, if it is there. */
function nameOf(work: Work, id: string): string | undefined {
  const end = work.ends.get(id);
  return end?.is === 'ready' || end?.is === 'leaving' ? end.name : undefined;
}

export function namesOf(work: Work, ids: readonly string[]): string[] {
  return ids.flatMap((id) => nameOf(work, id) ?? []).sort();
}

/** What has to be done so that `from` becomes `to`; undefined where nothing differs. */
export function changesBetween(from: ComparedShape, to: ComparedShape, work: Work): Changes | undefined {
  const facets = Object.keys(to.facets);
  const missing = (facet: string, of: ComparedShape, there: ComparedShape): string[] => {
    const have = new Set(there.facets[facet] ?? []);
    return namesOf(work, (of.facets[facet] ?? []).filter((id) => !have.has(id)));
  };
  const changes: Changes = {
    fields: { ...different(to.fields, from.fields), ...freed(from, to, work), ...withdrawnParts(from.fields, to.fields, work) }, setTags: different(to.tags, from.tags),
    removeTags: Object.keys(from.tags).filter((key) => !(key in to.tags)).sort(),
    addTo: filled(facets.map((facet) => [facet, missing(facet, to, from)])),
    removeFrom: filled(facets.map((facet) => [facet, missing(facet, from, to)])),
  };
  return isEmpty(changes) ? undefined : changes;
}

export const NO_CHANGES: Changes = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };

export function isEmpty({ fields, setTags, removeTags, addTo, removeFrom }: Changes): boolean {
  return [fields, setTags, removeTags, addTo, removeFrom].every((part) => Object.keys(part).length === 0);
}

/** Facets that the changes write. */
export function facetsWritten({ addTo, removeFrom }: Changes): string[] {
  return [...new Set([...Object.keys(addTo), ...Object.keys(removeFrom)])];
}

function different(wanted: Readonly<Record<string, string>>, present: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));
}

function filled(entries: readonly (readonly [string, readonly string[]])[]): Record<string, readonly string[]> {
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
