import type { NewEventOf, syncTakenOver } from '@wami/contracts';
import { bindingStream, type Binding, type Presence } from '../bindings/binding';
import type { ComparedShape } from '../reconcile/shape';
import type { Work } from '../reconcile/work';

/** What a target alone had when it was merged, by facet the ids of other ends. */
export interface Taken {
  readonly tags: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, readonly string[]>>;
}

export function isNothing({ tags, relations }: Taken): boolean {
  return Object.keys(tags).length + Object.values(relations).flat().length === 0;
}

/** What is wanted by now of what was taken over stands there already: it goes on record, and is neither written nor missed later. Pure. */
export function withWritten(presence: Presence, wanted: ComparedShape): Presence {
  const { taken, ...rest } = presence;
  if (taken === undefined) return presence;
  const isWantedTag = ([key, value]: readonly [string, string]): boolean => wanted.tags[key] === value;
  const isWanted = (facet: string, id: string): boolean => wanted.facets[facet]?.includes(id) ?? false;
  const tags = Object.entries(taken.tags);
  const left: Taken = {
    tags: Object.fromEntries(tags.filter((tag) => !isWantedTag(tag))),
    relations: mapValues(taken.relations, (ids, facet) => ids.filter((id) => !isWanted(facet, id))),
  };
  const facets = mapValues(taken.relations, (ids, facet) => [...new Set([...(rest.facets[facet] ?? []), ...ids.filter((id) => isWanted(facet, id))])].sort());
  return {
    ...rest, tags: { ...rest.tags, ...Object.fromEntries(tags.filter(isWantedTag)) }, facets: { ...rest.facets, ...facets },
    ...(isNothing(left) ? {} : { taken: { ...left, told: taken.told } }),
  };
}

/** What was seen, without what was taken over and is not intent yet, or was refused: that is left alone. Pure. */
export function withoutTaken<Seen extends ComparedShape>(seen: Seen, taken: Taken | undefined): Seen {
  if (taken === undefined) return seen;
  return {
    ...seen, tags: Object.fromEntries(Object.entries(seen.tags).filter(([key, value]) => taken.tags[key] !== value)),
    facets: mapValues(seen.facets, (ids, facet) => ids.filter((id) => !taken.relations[facet]?.includes(id))),
  };
}

export function takenOverEvent(provider: string, binding: Binding, { version }: Work['resource'], { tags, relations }: Taken): NewEventOf<typeof syncTakenOver> {
  const { resource, kind, account, tenant, subject } = binding;
  return {
    type: 'wami.sync.taken-over.v1', stream: bindingStream(provider, binding), key: resource, tenant, subject, personal: { tags: { ...tags } },
    data: { resource, kind, provider, account, version, relations: mapValues(relations, (ids) => [...ids]) },
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
