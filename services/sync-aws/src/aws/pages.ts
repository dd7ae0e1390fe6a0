import { ProviderError } from '@wami/provider-port';

export interface Page {
  readonly IsTruncated?: boolean;
  readonly Marker?: string;
}

/** Walks IAM's pages to the last one. A page may be empty. @throws ProviderError `Internal` where the provider's markers lead nowhere. */
export async function* pagesOf<P extends Page>(read: (marker: string | undefined) => Promise<P>): AsyncGenerator<P> {
  const seen = new Set<string>();
  for (let marker: string | undefined; ;) {
    const page = await read(marker);
    yield page;
    if (page.IsTruncated !== true) return;
    marker = page.Marker;
    if (marker === undefined || marker === '' || seen.has(marker)) {
      throw new ProviderError(
        'Internal',
        'AWS says that a list goes on, and its marker leads nowhere; nothing was concluded from the list',
        { effect: 'none' },
      );
    }
    seen.add(marker);
  }
}

/** What is made of each page; nothing else of an answer is kept until the next one comes. */
export async function* pagesAs<P extends Page, T>(
  read: (marker: string | undefined) => Promise<P>,
  make: (page: P) => readonly T[] | Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  const made = async (marker: string | undefined): Promise<Page & { readonly things: readonly T[] }> => {
    const page = await read(marker);
    const { IsTruncated = false, Marker } = page;
    return { things: await make(page), IsTruncated, ...(Marker === undefined ? {} : { Marker }) };
  };
  for await (const { things } of pagesOf(made)) yield things;
}

/** Of the first page that gives something. */
export async function firstOf<P extends Page, T>(read: (marker: string | undefined) => Promise<P>, give: (page: P) => T | undefined): Promise<T | undefined> {
  for await (const page of pagesOf(read)) {
    const given = give(page);
    if (given !== undefined) return given;
  }
  return undefined;
}

/** Everything of all pages together. */
export async function collect<P extends Page, T>(
  read: (marker: string | undefined) => Promise<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf(read)) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** A part that IAM never leaves out. Without it something else has answered, and silence must not be read as "there is nothing". */
export function answered<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new ProviderError('Internal', `the answer holds no ${name}: it is not IAM's`, { effect: 'unknown' });
  return part;
}
