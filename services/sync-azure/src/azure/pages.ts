import { ProviderError, type CallContext } from '@wami/provider-port';
import type { AzureClient } from './azure.client';

export interface GraphPage<T> {
  readonly value?: readonly T[];
  readonly '@odata.nextLink'?: string;
}

const NOWHERE = 'a list goes on where it has been already; nothing was concluded from it';

/** Walks Graph's pages to the last one. A page may be empty. @throws ProviderError `Internal` where the links lead nowhere. */
export async function* graphPages<T>(client: AzureClient, path: string, query: Readonly<Record<string, string>>, context: CallContext): AsyncGenerator<readonly T[]> {
  yield* graphPagesFrom(client, await client.graph<GraphPage<T>>('GET', path, { query }, context), context);
}

/** As above, where the first page is at hand. */
export async function* graphPagesFrom<T>(client: AzureClient, first: GraphPage<T>, context: CallContext): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let page = first;
  for (;;) {
    yield answered(page.value, 'value');
    const next = page['@odata.nextLink'];
    if (next === undefined) return;
    if (seen.has(next)) throw new ProviderError('Internal', NOWHERE, { effect: 'none' });
    seen.add(next);
    page = await client.graph<GraphPage<T>>('GET', next, {}, context);
  }
}

/** Everything of all pages together. */
export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** A part that the service never leaves out. Without it something else has answered, and silence must not be read as "there is nothing". */
export function answered<T>(part: T | null | undefined, name: string): T {
  if (part === undefined || part === null) throw new ProviderError('Internal', `the answer holds no ${name}: it is not the service's`, { effect: 'unknown' });
  return part;
}

/** A text inside a filter of OData. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
