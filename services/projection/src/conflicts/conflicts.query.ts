import { Inject, Injectable } from '@nestjs/common';
import { accountSchema, providerNameSchema, shownSyncState, type ConflictItem, type SyncState } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { oneOf } from '../http/walk';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { ResourceRow } from '../resources/resources.table';
import type { SyncStateRow } from '../sync-states/sync-states.table';

export const conflictsQuerySchema = z.strictObject({
  tenant: tenantFilter, provider: providerNameSchema.optional(), account: accountSchema.optional(), state: z.enum(['Failed', 'Skipped']).optional(), kind: filterText(64).optional(),
  resource: filterText(64).optional().describe('Id of one resource.'), ...pagingSchema,
});
export type ConflictsQuery = z.infer<typeof conflictsQuerySchema>;

type ConflictRow = Pick<SyncStateRow, 'resource' | 'provider' | 'account' | 'kind' | 'tenant' | 'state' | 'updated_at' | 'body'> & Pick<ResourceRow, 'arn' | 'name' | 'path' | 'tags'>;
type Failed = Extract<SyncState, { state: 'Failed' }>;

const PLACE = ['updated_at', 'provider', 'account', 'resource'] as const;

@Injectable()
export class ConflictsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** What somebody has to decide about, the newest first. What is tried again by itself is none. */
  async list(scope: string, query: ConflictsQuery): Promise<Page<ConflictItem>> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 's').and('s.conflicting');
    where.equals('s.provider', query.provider).equals('s.account', query.account).equals('s.state', query.state).equals('s.kind', query.kind).equals('s.resource', query.resource);
    const after = readCursor(filters, query.cursor, PLACE.length);
    if (after) where.and(`(${PLACE.map((column) => `s.${column}`).join(', ')}) < (${after.map((part) => where.value(part)).join(', ')})`);
    const order = (of: string): string => PLACE.map((column) => `${of}.${column} DESC`).join(', ');
    // What is shown is found in the index alone: of all that are open only the page is looked up.
    const { rows } = await this.reader.query<ConflictRow>(
      `WITH page AS MATERIALIZED (SELECT ${PLACE.map((column) => `s.${column}`).join(', ')} FROM ${this.schema}.sync_states s
         WHERE ${where.sql} ORDER BY ${order('s')} LIMIT ${where.value(query.limit + 1)})
       SELECT s.resource, s.provider, s.account, s.kind, s.tenant, s.state, s.updated_at, s.body, r.arn, r.name, r.path, r.tags
       FROM page CROSS JOIN LATERAL (${oneOf(`${this.schema}.sync_states`, 'resource = page.resource AND provider = page.provider AND account = page.account')}) s
         CROSS JOIN LATERAL (${oneOf(`${this.schema}.resources`, 'id = page.resource')}) r
       ORDER BY ${order('page')}`, where.values);
    return pageOf(rows, filters, toItem, (row) => PLACE.map((column) => row[column]));
  }
}

function toItem({ resource, provider, account, kind, tenant, state, updated_at, body, arn, name, path, tags }: ConflictRow): ConflictItem {
  const shown = shownSyncState({ state, ...body, resource, kind, tenant, provider, account, updatedAt: updated_at } as unknown as SyncState) as Failed | Extract<SyncState, { state: 'Skipped' }>;
  const details = shown.state === 'Failed' ? shown.error.details as Pick<ConflictItem, 'existing' | 'conflicts'> | undefined : undefined;
  return {
    resource, arn, kind, tenant, provider, account, state: shown.state, reason: shown.state === 'Failed' ? shown.error.message : shown.reason, ...(shown.hint === undefined ? {} : { hint: shown.hint }),
    ours: { name, ...(path === null ? {} : { path }), tags }, ...(details?.existing ? { existing: details.existing } : {}), ...(details?.conflicts ? { conflicts: details.conflicts } : {}), since: updated_at,
  };
}
