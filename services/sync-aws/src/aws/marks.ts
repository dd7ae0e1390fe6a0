import type { OwnershipMark } from '@wami/provider-port';

export const MANAGED_BY = 'managed-by';
const WAMI = 'wami';
const KEYS = { instance: 'wami-instance', tenant: 'wami-tenant', id: 'wami-id', kind: 'wami-kind' } as const;
export const MARK_KEYS: ReadonlySet<string> = new Set([MANAGED_BY, ...Object.values(KEYS)]);
/** How many of AWS's tags the marks take. */
export const MARK_COUNT = MARK_KEYS.size;

export type Tags = Readonly<Record<string, string>>;

/** The marks as tags. */
export function markTags(mark: OwnershipMark): Tags {
  return { [MANAGED_BY]: WAMI, [KEYS.instance]: mark.instance, [KEYS.tenant]: mark.tenant, [KEYS.id]: mark.id, [KEYS.kind]: mark.kind };
}

/** AWS takes tag keys for one whatever their case. */
const isMark = (key: string): boolean => MARK_KEYS.has(key.toLowerCase());

/** What is left of a thing's tags without the marks, and without those that AWS itself puts on. */
export function withoutMarks(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isMark(key) && !key.toLowerCase().startsWith('aws:')));
}

/** The mark that tags make, or undefined where they are not all there. */
export function markFromTags(tags: Tags): OwnershipMark | undefined {
  const lower = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]));
  const [instance, tenant, id, kind] = [KEYS.instance, KEYS.tenant, KEYS.id, KEYS.kind].map((key) => lower.get(key));
  if (lower.get(MANAGED_BY) !== WAMI || instance === undefined || tenant === undefined || id === undefined || kind === undefined)
    return undefined;
  return { instance, tenant, id, kind };
}

/** Tags that are none of ours stand where the marks would. */
export function hasForeignMarks(tags: Tags): boolean {
  return markFromTags(tags) === undefined && Object.keys(tags).some(isMark);
}

/** Groups cannot be tagged: their path is the mark. */
export function groupPath({ tenant, id }: Pick<OwnershipMark, 'tenant' | 'id'>): string {
  return `/${WAMI}/${tenant}/${id}/`;
}

/**
 * The mark in a group's path. The path has no room for kind and instance: the kind is known, and the id, unique over all instances,
 * stands for the instance. `instance` is therefore `expected`'s where the id is, else ''.
 */
export function markFromGroupPath(path: string, expected?: OwnershipMark): OwnershipMark | undefined {
  const [, tenant, id] = /^\/wami\/([^/]+(?:\/[^/]+)*)\/([^/]+)\/$/.exec(path) ?? [];
  if (tenant === undefined || id === undefined) return undefined;
  const instance = expected?.id === id && expected.tenant === tenant ? expected.instance : '';
  return { instance, tenant, id, kind: 'group' };
}
