import type { OwnershipMark } from '@wami/provider-port';

export type Labels = Readonly<Record<string, string>>;

const MANAGED_BY = 'managed-by';
const WAMI = 'wami';
const KEYS = { instance: 'wami-instance', tenant: 'wami-tenant', id: 'wami-id', kind: 'wami-kind' } as const;
const MARK_KEYS: readonly string[] = [MANAGED_BY, ...Object.values(KEYS)];
/** How many of a thing's labels the mark takes. */
export const MARK_COUNT = MARK_KEYS.length;

/** The mark as labels. */
export function markLabels({ instance, tenant, id, kind }: OwnershipMark): Labels {
  return { [MANAGED_BY]: WAMI, [KEYS.instance]: instance, [KEYS.tenant]: tenant, [KEYS.id]: id, [KEYS.kind]: kind };
}

/** As a change of labels that takes the mark off. */
export const NO_MARK: Readonly<Record<string, null>> = Object.fromEntries(MARK_KEYS.map((key) => [key, null]));

export const isMarkKey = (key: string): boolean => MARK_KEYS.includes(key);

/** Undefined where it is not whole: half a mark is nobody's. */
export function markIn(labels: Labels): OwnershipMark | undefined {
  const { [KEYS.instance]: instance, [KEYS.tenant]: tenant, [KEYS.id]: id, [KEYS.kind]: kind } = labels;
  if (labels[MANAGED_BY] !== WAMI || instance === undefined || tenant === undefined || id === undefined || kind === undefined) return undefined;
  return { instance, tenant, id, kind };
}

/** What is left of the labels: those are tags. */
export function tagsIn(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isMarkKey(key)));
}

/** Somebody else's labels stand where the mark would. */
export function isOccupied(labels: Labels): boolean {
  return markIn(labels) === undefined && Object.keys(labels).some(isMarkKey);
}
