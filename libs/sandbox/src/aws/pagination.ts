import { validationError } from './errors';
import type { QueryParams } from './query-protocol';
import { optionalInteger, optionalText, RULES } from './validation';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1_000;

export interface Page<T> {
  readonly items: readonly T[];
  readonly fields: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * One page of `items`, which must be in ascending order of a unique `keyOf`. The marker names the last item answered, so a page
 * after inserts and deletes neither repeats nor skips what stayed.
 */
export function page<T>(params: QueryParams, items: readonly T[], keyOf: (item: T) => string): Page<T> {
  const size = optionalInteger(params, 'MaxItems', 1, LARGEST_PAGE) ?? DEFAULT_PAGE;
  const marker = optionalText(params, 'Marker', RULES.marker);
  const after = marker === undefined ? undefined : decode(marker);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const answered = rest.slice(0, size);
  const last = answered.at(-1);
  if (last === undefined || rest.length <= size) return { items: answered, fields: { IsTruncated: false } };
  return { items: answered, fields: { IsTruncated: true, Marker: encode(keyOf(last)) } };
}

const encode = (key: string): string => Buffer.from(`after:${key}`).toString('base64url');

function decode(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith('after:')) throw validationError('Invalid Marker.');
  return text.slice('after:'.length);
}
