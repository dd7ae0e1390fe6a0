import type { JSX } from 'preact';

/** What a side of a difference says: a document is set in lines, all else stands as it is. */
export function Told({ text }: { readonly text: string | undefined }): JSX.Element {
  if (text === undefined) return <span class="quiet">nothing</span>;
  const document = documentIn(text);
  return document === undefined ? <>{text}</> : <pre tabIndex={0}>{JSON.stringify(document, null, 2)}</pre>;
}

/** Of one that was cut short nothing can be told but its text. */
function documentIn(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
