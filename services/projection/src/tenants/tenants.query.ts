import { Inject, Injectable } from '@nestjs/common';
import { tenantPathSchema, type TenantView } from '@wami/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { POOL, SCHEMA } from '../ports';
import type { TenantRow } from './tenants.table';

export const tenantsQuerySchema = z.strictObject({
  parent: z.union([z.literal(''), tenantPathSchema]).optional()
    .describe('Its direct children; empty: the tenants at the top. Without it: all that you see, your own included.'),
  ...pagingSchema,
});
export type TenantsQuery = z.infer<typeof tenantsQuerySchema>;

@Injectable()
export class TenantsQueries {
  constructor(@Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string) {}

  async list(scope: string, query: TenantsQuery): Promise<Page<TenantView>> {
    const filters = { ...query, scope };
    const where = scopedTo(new Where(), scope, 't').and(`t.status <> 'deleted'`).equals('t.parent', query.parent || undefined);
    if (query.parent === '') where.and('t.parent IS NULL');
    const after = readCursor(filters, query.cursor, 1);
    if (after) where.and(`${tenantPath('t')} > ${where.value(after[0])}`);
    const { rows } = await this.pool.query<TenantRow>(
      `SELECT t.* FROM ${this.schema}.tenants t WHERE ${where.sql} ORDER BY ${tenantPath('t')} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toView, ({ tenant }) => [`${tenant}/`]);
  }
}

function toView({ tenant, arn, version, status, document }: TenantRow): TenantView {
  return {
    id: tenant, arn, version, name: document?.name ?? '', ...(document?.parent === undefined ? {} : { parent: document.parent }),
    status: status === 'deleting' ? 'deleting' : 'active', providerAccounts: [...(document?.providerAccounts ?? [])],
    quotas: { ...document?.quotas }, metadata: { ...document?.metadata },
  };
}
