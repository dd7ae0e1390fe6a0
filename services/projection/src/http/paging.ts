import { createHash } from 'node:crypto';
import { ProblemError } from '@wami/platform';
import { z } from 'zod';
import { filterText } from './filter-text';

/** What every list takes. */
export const pagingSchema = {
  limit: z.coerce.number({ error: 'must be a whole number from 1 to 1000' }).int().min(1).max(1000).default(100).describe('At most so many items. A page may hold fewer, even none, and yet have a `nextCursor`: the end is where that is absent.'),
  cursor: z.string().max(2048).optional().describe('`nextCursor` of the answer before; only with the same filters.'),
};

export interface Paging {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

const contentSchema = z.tuple([z.string(), z.array(filterText(1024))]);

function fingerprint(filters: object): string {
  const given = Object.entries(filters).filter(([name, value]) => value !== undefined && name !== 'cursor' && name !== 'limit').sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(given)).digest('base64url').slice(0, 16);
}

/** The place after which a list goes on, bound to the list and its filters. */
export function writeCursor(filters: object, place: readonly string[]): string {
  return Buffer.from(JSON.stringify([fingerprint(filters), place])).toString('base64url');
}

/** @throws ProblemError ValidationFailed where the text is no cursor of this list with these filters. */
export function readCursor(filters: object, cursor: string | undefined, parts: number): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const content = contentSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (content.success && content.data[0] === fingerprint(filters) && content.data[1].length === parts) return content.data[1];
  return noCursor();
}

/** The same, of a list that goes on after a number. @throws ProblemError ValidationFailed */
export function readNumber(filters: object, cursor: string | undefined): number | undefined {
  const place = readCursor(filters, cursor, 1)?.[0];
  if (place !== undefined && !/^\d{1,15}$/.test(place)) return noCursor();
  return place === undefined ? undefined : Number(place);
}

/** @throws ProblemError ValidationFailed */
export function noCursor(): never {
  const detail = 'must be the nextCursor of an answer to the same query';
  throw new ProblemError('ValidationFailed', { detail: `cursor ${detail}`, errors: [{ pointer: '/cursor', code: 'Invalid', detail }] });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One row more than asked for tells that there is a next page. */
export function pageOf<R, T>(rows: readonly R[], filters: Paging, toItem: (row: R) => T, placeOf: (row: R) => readonly string[]): Page<T> {
  const shown = rows.slice(0, filters.limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), ...(rows.length > filters.limit && last !== undefined ? { nextCursor: writeCursor(filters, placeOf(last)) } : {}) };
}
