import type { Token } from '../match/glob';

/** Longer lists keep their redundant entries (only repeated ones go), so that comparing stays quick. */
const MOST_COMPARED = 256;

export interface Comparable {
  readonly text: string;
  readonly pattern: readonly Token[];
}

export type Covers = (pattern: readonly Token[], subject: readonly Token[]) => boolean;

/** The entries, sorted, without those that another one takes in anyway. */
export function minimal(entries: readonly Comparable[], covers: Covers): string[] {
  const once = [...new Map(entries.map((entry) => [entry.text, entry])).values()];
  const kept = once.length > MOST_COMPARED ? once : once.filter((entry) => !once.some((other) => replaces(other, entry, covers)));
  return kept.map(({ text }) => text).sort();
}

/** Of two that cover each other the one that sorts first stays. */
function replaces(other: Comparable, entry: Comparable, covers: Covers): boolean {
  if (other === entry || !covers(other.pattern, entry.pattern)) return false;
  return other.text < entry.text || !covers(entry.pattern, other.pattern);
}
