import { Inject, Injectable } from '@nestjs/common';
import { SETTLED_STATES, shownSyncState, syncStateNameSchema, type SyncMap, type SyncState } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { Applied } from '../position/applied';
import { READER, SCHEMA } from '../ports';
import { named } from '../resources/resources.query';
import type { SyncStateRow } from './sync-states.table';

export const syncStatesQuerySchema = z.strictObject({
  tenant: tenantFilter, provider: filterText(64).optional(), account: filterText(128).optional(), state: syncStateNameSchema.optional(),
  kind: filterText(64).optional(), q: filterText(512).optional().describe('Begins the name of the resource, or is its whole id or ARN.'), ...pagingSchema,
});
export type SyncStatesQuery = z.infer<typeof syncStatesQuerySchema>;

type StateColumns = Pick<SyncStateRow, 'resource' | 'provider' | 'account' | 'kind' | 'tenant' | 'state' | 'updated_at' | 'body'>;
const COLUMNS = 's.resource, s.provider, s.account, s.kind, s.tenant, s.state, s.updated_at, s.body';

@Injectable()
export class SyncStatesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly applied: Applied) {}

  async list(scope: string, query: SyncStatesQuery): Promise<Page<SyncState>> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 's').and('s.state IS NOT NULL').equals('s.provider', query.provider).equals('s.account', query.account)
      .equals('s.state', query.state).equals('s.kind', query.kind);
    const join = query.q ? `JOIN ${this.schema}.resources r ON r.id = s.resource AND ${named(where, query.q)}` : '';
    // Names that begin alike lie together: a search is in their order, of a tenant and those below it one after the other.
    const first = query.q ? [...(scope === '' ? [] : [tenantPath('r')]), 'r.name_key'] : [tenantPath('s')];
    const after = readCursor(filters, query.cursor, first.length + 3);
    const order = [...first, query.q ? 'r.id' : 's.resource', 's.provider', 's.account'].join(', ');
    if (after) where.and(`(${order}) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<StateColumns & { readonly first: readonly string[] }>(
      `SELECT ${COLUMNS}, ARRAY[${first.join(', ')}] AS first FROM ${this.schema}.sync_states s ${join} WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toSyncState, ({ first: place, resource, provider, account }) => [...place, resource, provider, account]);
  }

  /** provider -> account -> state of one resource. */
  async ofResource(id: string): Promise<SyncMap> {
    const { rows } = await this.reader.query<StateColumns>(
      `SELECT ${COLUMNS} FROM ${this.schema}.sync_states s WHERE s.resource = $1 AND s.state IS NOT NULL ORDER BY s.provider, s.account`, [id]);
    const map: Record<string, Record<string, SyncState>> = {};
    for (const row of rows) map[row.provider] = { ...map[row.provider], [row.account]: toSyncState(row) };
    return map;
  }

  /** The same, once no target has work left, or at the deadline with what is known then. */
  async whenSettled(id: string, deadline: number, signal: AbortSignal): Promise<SyncMap> {
    let map: SyncMap = {};
    await this.applied.until(async () => {
      map = await this.ofResource(id);
      return Object.values(map).every((accounts) => Object.values(accounts).every(isSettled));
    }, deadline, signal);
    return map;
  }
}

/** An engine will do no more by itself for now: a failure that is tried again is not settled, what a pause holds need not be waited for. */
function isSettled(state: SyncState): boolean {
  if (state.state === 'Pending') return state.pausedBy !== undefined || state.approval !== undefined;
  return SETTLED_STATES.has(state.state) && !(state.state === 'Failed' && state.nextRetryAt !== undefined);
}

function toSyncState({ resource, provider, account, kind, tenant, state, updated_at, body }: StateColumns): SyncState {
  return shownSyncState({ state, ...body, resource, kind, tenant, provider, account, updatedAt: updated_at } as unknown as SyncState);
}
