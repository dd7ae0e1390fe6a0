import { createHash } from 'node:crypto';
import { withoutParts, type Observed } from '@wami/provider-port';
import { concerning } from '../reconcile/parts';
import { idsByName } from '../reconcile/shape';
import type { Work } from '../reconcile/work';

/** 128 bits of SHA-256, URL-safe. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(value))).digest().subarray(0, 16).toString('base64url');
}

/** Keys in order, so that equal values have equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** What is wanted of a binding, and the settings that decide what is done about it. Pure. */
export function desiredFingerprint({ binding: { wanted, deleted, strategy }, resource, config, relations }: Work): string {
  const { tags, conflictResolution, deletionPolicy, direction } = config;
  return digest({ wanted, deleted, version: resource.version, ...(deleted ? { deletionPolicy } : {}), ...(direction === 'push' ? {} : { direction }), tags, conflict: strategy ?? conflictResolution, relations });
}

/**
 * What stands at the target: the thing with its name, mark, fields, tags and relations, or that nothing does. Of inline policies and federated credentials only those that are looked for count. Relations to what WAMI knows
 * there count by id, since the same plan may rename it, and those to what WAMI is taking away do not count. Pure.
 */
export function observedFingerprint(found: Observed | undefined, work: Work): string {
  if (found === undefined) return digest(null);
  const { providerResourceId, name, mark, shape: { fields: all, tags, facets } } = found;
  // What the guard holds stands there all the same.
  const { withheld, ...unheld } = work;
  const fields = work.binding.deleted ? withoutParts(all) : concerning(all, unheld);
  const ends = new Map([...work.ends, ...withheld?.ends ?? []]);
  const relations = Object.entries(facets).map(([facet, names]) => {
    const ids = idsByName({ binding: work.binding, ends }, facet);
    const told = (name: string): string[] => {
      const id = ids.get(name);
      if (id === undefined) return [`name ${name}`];
      return ends.get(id)?.is === 'leaving' ? [] : [id];
    };
    return [facet, names.flatMap(told).sort()] as const;
  });
  return digest({ providerResourceId, name, mark, fields, tags, facets: Object.fromEntries(relations.filter(([, others]) => others.length > 0)) });
}
