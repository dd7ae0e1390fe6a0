import { TENANT_RANGE } from '../model/table';
import type { Where } from './where';

/**
 * The one place where a query is narrowed to a tenant and its children. `acme/` to `acme0` is the range of `acme` and everything
 * below it; the empty tenant holds all. `table` is the alias in the query.
 */
export function scopedTo(where: Where, tenant: string, table: string): Where {
  if (tenant === '') return where;
  const path = tenantPath(table);
  return where.and(`(${path} >= ${where.value(`${tenant}/`)} AND ${path} < ${where.value(`${tenant}0`)})`);
}

/** What lists are ordered by, so that a scope is one range of their index. */
export const tenantPath = (table: string): string => `${table}.${TENANT_RANGE}`;
