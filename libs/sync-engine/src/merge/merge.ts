import type { Observed } from '@wami/provider-port';
import type { Action } from '../reconcile/decide';
import type { Pass } from '../reconcile/pass';
import { changesBetween, namesOf, NO_CHANGES, observedShape } from '../reconcile/shape';
import type { Work } from '../reconcile/work';
import type { Taken } from './taken-over';

/** Whether what stands there without our mark is to be merged with what is wanted, rather than left or made equal. */
export function isMerging({ binding: { strategy, deleted }, config }: Work): boolean {
  return !deleted && (strategy ?? config.conflictResolution) === 'merge';
}

/**
 * Takes a thing over and merges it: single fields become as they are wanted; of tags and relations nothing is taken away but what was left there by us
 * and is not wanted any more, and what the target alone has is to become intent. Pure.
 */
export function merge({ work, wanted, remembered }: Pass, found: Observed): Extract<Action, { do: 'update' }> & { readonly takes: Taken } {
  const seen = observedShape(found, undefined, work);
  const changes = changesBetween(seen, wanted, work) ?? NO_CHANGES;
  const ours = (facet: string): readonly string[] => namesOf(work, remembered?.facets[facet] ?? []);
  const takes: Taken = {
    tags: Object.fromEntries(Object.entries(seen.tags).filter(([key]) => !(key in wanted.tags) && !(key in (remembered?.tags ?? {})))),
    relations: Object.fromEntries(Object.entries(seen.facets).map(([facet, ids]) =>
      [facet, ids.filter((id) => !wanted.facets[facet]?.includes(id) && !remembered?.facets[facet]?.includes(id))] as const).filter(([, ids]) => ids.length > 0)),
  };
  const removeFrom = Object.fromEntries(Object.entries(changes.removeFrom).map(([facet, names]) => [facet, names.filter((name) => ours(facet).includes(name))] as const).filter(([, names]) => names.length > 0));
  return {
    do: 'update', operation: 'adopt', observed: found, looked: true, takes,
    changes: { ...changes, removeTags: changes.removeTags.filter((key) => key in (remembered?.tags ?? {})), removeFrom, adopt: true },
  };
}
