import type { OwnershipMark } from '@wami/provider-port';

const MANAGED_BY = 'managed-by=wami';
const KEYS = ['instance', 'tenant', 'id', 'kind'] as const;

/** The marks, each as `key=value`. */
export function markWords(mark: OwnershipMark): string[] {
  return [MANAGED_BY, ...KEYS.map((key) => `wami-${key}=${mark[key]}`)];
}

const isWord = (word: string): boolean => word === MANAGED_BY || KEYS.some((key) => word.startsWith(`wami-${key}=`));

/** What is left of the tags of an application without the marks. */
export function withoutWords(tags: readonly string[]): string[] {
  return tags.filter((tag) => !isWord(tag));
}

/** The mark that these make, or undefined where they are not all there. */
export function markFromWords(words: readonly string[]): OwnershipMark | undefined {
  const [instance, tenant, id, kind] = KEYS.map((key) => words.find((word) => word.startsWith(`wami-${key}=`))?.slice(`wami-${key}=`.length));
  if (!words.includes(MANAGED_BY) || instance === undefined || tenant === undefined || id === undefined || kind === undefined) return undefined;
  return { instance, tenant, id, kind };
}

/** The mark as one text: what the attribute of a user holds, and the end of a description. */
export function markText(mark: OwnershipMark): string {
  return `[${markWords(mark).join(' ')}]`;
}

const MARKED = /^(?:([^]*?) )?\[(managed-by=wami [^[\]]*)\]$/;

/** The mark at the end of a text, and what stands before it. */
export function readMarked(text: string | null | undefined): { readonly text: string; readonly mark?: OwnershipMark } {
  const [, before = '', words] = MARKED.exec(text ?? '') ?? [];
  const mark = words === undefined ? undefined : markFromWords(words.split(' '));
  return mark === undefined ? { text: text ?? '' } : { text: before, mark };
}

/** A description with the mark at its end; of one that has a mark, the words before it stay. */
export function markedText(text: string, mark: OwnershipMark): string {
  return [text, markText(mark)].filter((part) => part !== '').join(' ');
}
