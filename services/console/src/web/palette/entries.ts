import type { Resource } from '../api/schemas';

export const GROUPS = ['On this page', 'Pages', 'Resources'] as const;

export interface Entry {
  readonly group: (typeof GROUPS)[number];
  readonly label: string;
  /** Tells apart what has the same label. */
  readonly about: string;
  readonly choose: () => void;
}

/** Those that have every word somewhere, in the order they had. */
export function fitting(entries: readonly Entry[], text: string): readonly Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ label, about }) => words.every((word) => `${label} ${about}`.toLowerCase().includes(word)));
}

/** The one that many steps on, round from the last to the first. */
export const stepped = (at: number, step: 1 | -1, count: number): number => (count === 0 ? 0 : (at + step + count) % count);

/** As the API found them: their names and ids were looked for there. */
export const resourceEntries = (found: readonly Resource[], go: (to: string) => void): readonly Entry[] =>
  found.map(({ id, name, kind, tenant }) => ({ group: 'Resources', label: name === '' ? id : name, about: `${kind} of ${tenant}`, choose: () => go(`/r/${id}`) }));
