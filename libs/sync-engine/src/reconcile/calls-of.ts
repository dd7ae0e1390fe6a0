import type { Changes } from '@wami/provider-port';

/** Calls that the changes take. */
export function callsOf({ fields, setTags, removeTags, addTo, removeFrom, adopt }: Changes): number {
  const relations = [...Object.values(addTo), ...Object.values(removeFrom)].flat().length;
  return Math.max(1, [Object.keys(fields), Object.keys(setTags), removeTags].filter(({ length }) => length > 0).length + relations + (adopt ? 1 : 0));
}
