import type { OwnershipMark } from '@wami/provider-port';

const MANAGED_BY = 'managed-by=wami';
const KEYS = ['instance', 'tenant', 'id', 'kind'] as const;

/** The mark as one text: what the attribute of a user holds, and the end of a description or of notes. */
export function markText(mark: OwnershipMark): string {
  return `[${[MANAGED_BY, ...KEYS.map((key) => `wami-${key}=${mark[key]}`)].join(' ')}]`;
}

const MARKED = /^(?:([^]*?) )?\[(managed-by=wami [^[\]]*)\]$/;

/** The mark at the end of a text, and what stands before it. */
export function readMarked(text: string | null | undefined): { readonly text: string; readonly mark?: OwnershipMark } {
  const [, before = '', words] = MARKED.exec(text ?? '') ?? [];
  const mark = words === undefined ? undefined : markFrom(words.split(' '));
  return mark === undefined ? { text: text ?? '' } : { text: before, mark };
}

/** A text with the mark at its end. */
export function markedText(text: string, mark: OwnershipMark): string {
  return [text, markText(mark)].filter((part) => part !== '').join(' ');
}

/** Undefined where the words are not all there. */
function markFrom(words: readonly string[]): OwnershipMark | undefined {
  const [instance, tenant, id, kind] = KEYS.map((key) => words.find((word) => word.startsWith(`wami-${key}=`))?.slice(`wami-${key}=`.length));
  return instance === undefined || tenant === undefined || id === undefined || kind === undefined ? undefined : { instance, tenant, id, kind };
}
