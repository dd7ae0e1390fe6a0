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

/**
 * Narrows to the counters that are kept for the tenant, with all below it counted in; for '' those of everything. By the path and not by the name: row-level security is in terms of
 * the path, and the planner would rather read the counters of everything that it lets through.
 */
export const keptFor = (where: Where, tenant: string, table: string): Where => where.equals(tenantPath(table), `${tenant}/`);
