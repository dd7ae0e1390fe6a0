import type { ConflictItem } from '@wami/contracts';

/** Where, ours, theirs; absent where that side has nothing there. */
export type Side = readonly [where: string, ours: string | undefined, theirs: string | undefined];

/** Both sides of a conflict, part by part: what both changed, or else all that is known of the two. */
export function sidesOf({ conflicts, ours, existing }: Pick<ConflictItem, 'conflicts' | 'ours' | 'existing'>): readonly Side[] {
  if (conflicts) return conflicts.map(({ at, ours: mine, theirs }) => [at, mine, theirs]);
  const mine = new Map(Object.entries(flat(ours)));
  const theirs = new Map(Object.entries(flat(existing ?? {})));
  return [...new Set([...mine.keys(), ...theirs.keys()])].map((where) => [where, mine.get(where), theirs.get(where)]);
}

function flat(fields: Readonly<Record<string, unknown>>, before = ''): Record<string, string> {
  return Object.assign({}, ...Object.entries(fields).map(([name, value]) =>
    (typeof value === 'object' && value !== null && !Array.isArray(value) ? flat(value as Record<string, unknown>, `${before}${name}.`)
      : value === undefined ? {} : { [before + name]: typeof value === 'string' ? value : JSON.stringify(value) })));
}
