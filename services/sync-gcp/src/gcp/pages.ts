import { ProviderError } from '@wami/provider-port';

interface Page {
  readonly nextPageToken?: string | null;
}

/** Walks Google's pages to the last one. A page may be empty. @throws ProviderError `Internal` where the provider's tokens lead nowhere. */
export async function* pagesOf<P extends Page>(read: (token: string | undefined) => Promise<P>): AsyncGenerator<P> {
  const seen = new Set<string>();
  for (let token: string | undefined; ;) {
    const page = listed(await read(token));
    yield page;
    if (!page.nextPageToken) return;
    token = page.nextPageToken;
    if (seen.has(token)) {
      throw new ProviderError('Internal', 'Google says that a list goes on, and its token leads back; nothing was concluded from the list', { effect: 'none' });
    }
    seen.add(token);
  }
}

/** A part that Google never leaves out. Without it something else has answered, and silence must not be read as "there is nothing". */
export function answered<T>(part: T | null | undefined, name: string): T {
  if (part === undefined || part === null || part === '') throw new ProviderError('Internal', `the answer holds no ${name}: it is not Google's`, { effect: 'unknown' });
  return part;
}

/** What is about to get our mark beside what others wrote there: unseen, theirs would be written over. @throws ProviderError `NotFound` */
export function seen<T>(thing: T | undefined): T {
  if (thing === undefined) throw new ProviderError('NotFound', 'what was to be adopted is not to be seen any more', { effect: 'none' });
  return thing;
}

/** A list as Google answers it: an object, of which everything may be left out. */
export function listed<P extends object>(page: P): P {
  return answered(typeof page === 'object' && !Array.isArray(page) ? page : undefined, 'list');
}
