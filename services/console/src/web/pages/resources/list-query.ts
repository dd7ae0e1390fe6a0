import { SYNC_ERROR_CODES, SYNC_STATES } from '@wami/contracts';
import type { Query } from '../../api/client';

/** What the address may say about the list, as the API names it. */
export const FILTERS = ['q', 'kind', 'tenant', 'tag', 'state', 'code'] as const;

const KNOWN: Readonly<Record<string, readonly string[]>> = { state: SYNC_STATES, code: SYNC_ERROR_CODES };

/** The query for the API; what an address says that cannot be is left out, so that an old link shows something. */
export function listQuery(address: URLSearchParams): Query {
  const given = [...FILTERS, 'cursor'].flatMap((name) => {
    const value = address.get(name)?.trim() ?? '';
    return value === '' || KNOWN[name]?.includes(value) === false ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

export const isFiltered = (address: URLSearchParams): boolean => FILTERS.some((name) => (address.get(name) ?? '') !== '');
