import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { notFound } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';

export const ownedQuerySchema = z.strictObject({ ...pagingSchema });
export type OwnedQuery = z.infer<typeof ownedQuerySchema>;

interface Owned {
  readonly table: string;
  readonly scope: string;
  readonly kind: string;
  readonly owner: string;
}

/** What belongs to somebody, oldest first. @throws ProblemError NotFound where there is no such owner */
export async function listOfOwner<R extends { readonly id: string }, I>(reader: Reader, schema: string, of: Owned, query: OwnedQuery, toItem: (row: R) => I): Promise<Page<I>> {
  await requireOwner(reader, schema, of);
  const filters = { ...query, owner: of.owner };
  const where = scopedTo(new Where(), of.scope, 'k').equals('k.owner', of.owner).and('NOT k.deleted');
  const after = readCursor(filters, query.cursor, 1);
  if (after) where.and(`k.id > ${where.value(after[0])}`);
  const { rows } = await reader.query<R>(`SELECT k.* FROM ${schema}.${of.table} k WHERE ${where.sql} ORDER BY k.id LIMIT ${where.value(query.limit + 1)}`, where.values);
  return pageOf(rows, filters, toItem, ({ id }) => [id]);
}

async function requireOwner(reader: Reader, schema: string, { scope, kind, owner }: Owned): Promise<void> {
  const where = scopedTo(new Where(), scope, 'r').equals('r.id', owner).equals('r.kind', kind).and('NOT r.deleted');
  const { rows } = await reader.query(`SELECT 1 FROM ${schema}.resources r WHERE ${where.sql}`, where.values);
  if (rows.length === 0) throw notFound();
}
