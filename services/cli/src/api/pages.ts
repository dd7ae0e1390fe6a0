import type { CallOptions, Client } from './client';
import type { Page } from './references';

const PAGE = 1000;

/** Everything of a list. */
export async function readAll<T>(client: Client, path: string, query: CallOptions['query'] = {}, headers: CallOptions['headers'] = {}): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { body } = await client.call<Page<T>>('GET', path, { query: { ...query, cursor, limit: PAGE }, headers });
    for (const item of body.items) all.push(item);
    cursor = body.nextCursor;
    if (cursor === undefined) return all;
  }
}
