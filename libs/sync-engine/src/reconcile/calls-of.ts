import { BOUNDARY, partsIn, withoutParts, type Changes } from '@wami/provider-port';

/** Calls that the changes take. */
export function callsOf({ fields, setTags, removeTags, addTo, removeFrom, adopt }: Changes): number {
  const relations = [...Object.values(addTo), ...Object.values(removeFrom)].flat().length;
  const others = Object.keys(withoutParts(fields)).filter((field) => field !== BOUNDARY);
  return Math.max(1, [others, Object.keys(setTags), removeTags].filter(({ length }) => length > 0).length + relations + Object.keys(partsIn(fields)).length + (adopt ? 1 : 0) + (BOUNDARY in fields ? 1 : 0));
}
