/** So many of a page's things are asked about at once. */
const AT_ONCE = 4;

/** What is made of each, in their order. */
export async function inTurns<T, Made>(things: readonly T[], make: (thing: T) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let from = 0; from < things.length; from += AT_ONCE) made.push(...(await Promise.all(things.slice(from, from + AT_ONCE).map(make))));
  return made;
}
