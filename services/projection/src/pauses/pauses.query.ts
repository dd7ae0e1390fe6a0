import { Inject, Injectable } from '@nestjs/common';
import type { PauseView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { PauseRow } from './pauses.table';

export const pausesQuerySchema = z.strictObject({
  tenant: tenantFilter, ended: z.enum(['true', 'false']).default('false').describe('With those that were ended or are over.'), ...pagingSchema,
});
export type PausesQuery = z.infer<typeof pausesQuerySchema>;

@Injectable()
export class PausesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async list(scope: string, query: PausesQuery, now = new Date()): Promise<Page<PauseView>> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 'p');
    if (query.ended === 'false') where.and(`p.ended_at IS NULL AND (p.until IS NULL OR p.until > ${where.value(now.toISOString())})`);
    const after = readCursor(filters, query.cursor, 2);
    if (after) where.and(`(${tenantPath('p')}, p.id) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<PauseRow>(
      `SELECT p.* FROM ${this.schema}.pauses p WHERE ${where.sql} ORDER BY ${tenantPath('p')}, p.id LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toView, ({ tenant, id }) => [`${tenant}/`, id]);
  }
}

function toView({ id, arn, version, tenant, reason, provider, account, resource, until, started_at, started_by, ended_at, ended_by }: PauseRow): PauseView {
  return {
    id, arn, version, tenant, ...(provider === null ? {} : { provider }), ...(account === null ? {} : { account }), ...(resource === null ? {} : { resource }),
    reason, ...(until === null ? {} : { until }), startedAt: started_at, startedBy: started_by,
    ...(ended_at === null ? {} : { endedAt: ended_at }), ...(ended_by === null ? {} : { endedBy: ended_by }),
  };
}
