/** Parts of a resource that are known by names. */
export type Parts<Part> = Readonly<Record<string, Part>>;
/** By name; null takes one away. */
export type PartChanges<Part> = Readonly<Record<string, Part | null>>;

/** What a patch asks; null for the whole takes all away. */
export function askedOf<Part>(patch: PartChanges<Part> | null, current: Parts<Part>): [name: string, part: Part | null][] {
  return Object.entries(patch ?? Object.fromEntries(Object.keys(current).map((name) => [name, null])));
}

/** What of it changes something; undefined where nothing does. */
export function changesIn<Part>(asked: readonly (readonly [string, Part | null])[], current: Parts<Part>, isSame: (asked: Part, before: Part) => boolean): Record<string, Part | null> | undefined {
  const changes = asked.filter(([name, part]) => {
    const before = Object.hasOwn(current, name) ? current[name] : undefined;
    return part === null ? before !== undefined : before === undefined || !isSame(part, before);
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Those that are there after the changes; null where none are. */
export function partsAfter<Part>(current: Parts<Part> | undefined, changes: PartChanges<Part>): Parts<Part> | null {
  const left = Object.entries({ ...current, ...changes }).flatMap(([name, part]) => (part === null ? [] : [[name, part] as const]));
  return left.length === 0 ? null : Object.fromEntries(left);
}

/** A name that another differs from in case alone; undefined where there is none. */
export function sameButForCase(parts: Parts<unknown>): string | undefined {
  const names = Object.keys(parts).map((name) => name.toLowerCase());
  return names.find((name, index) => names.indexOf(name) !== index);
}
