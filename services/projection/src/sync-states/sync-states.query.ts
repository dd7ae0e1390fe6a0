import { Inject, Injectable } from '@nestjs/common';
import { SETTLED_STATES, shownSyncState, syncStateNameSchema, type SyncMap, type SyncState } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { entriesFor, MOST_IN_INDEX, oneOf, Walk, walkedPage } from '../http/walk';
import { Where } from '../http/where';
import { Applied } from '../position/applied';
import { READER, SCHEMA } from '../ports';
import { byName } from '../resources/resources.query';
import { isStuck, type SyncStateRow } from './sync-states.table';

export const syncStatesQuerySchema = z.strictObject({
  tenant: tenantFilter, provider: filterText(64).optional(), account: filterText(128).optional(), state: syncStateNameSchema.optional(),
  kind: filterText(64).optional(), q: filterText(512).optional().describe('Begins the name of the resource, or is its whole id or ARN.'),
  include: z.enum(['name']).optional().describe('`name` gives each with what its resource is called now.'), ...pagingSchema,
});
export type SyncStatesQuery = z.infer<typeof syncStatesQuerySchema>;

type StateColumns = Pick<SyncStateRow, 'resource' | 'provider' | 'account' | 'kind' | 'tenant' | 'state' | 'updated_at' | 'body'>;
type PlacedRow = StateColumns & { readonly place: readonly string[] };
const PLACE = [tenantPath('s'), 's.resource', 's.provider', 's.account'];
/** Names of providers are of letters, digits and hyphens. */
const AFTER_ANY_PROVIDER = '~';
const COLUMNS = 's.resource, s.provider, s.account, s.kind, s.tenant, s.state, s.updated_at, s.body';

@Injectable()
export class SyncStatesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly applied: Applied) {}

  async list(scope: string, query: SyncStatesQuery): Promise<Page<SyncState>> {
    const page = await (query.q ? this.search(scope, query, query.q) : this.states(scope, query));
    return query.include === 'name' ? { ...page, items: await this.named(page.items) } : page;
  }

  private async named(states: readonly SyncState[]): Promise<SyncState[]> {
    const { rows } = await this.reader.query<{ id: string; name: string }>(`SELECT id, name FROM ${this.schema}.resources WHERE id = ANY($1)`, [[...new Set(states.map(({ resource }) => resource))]]);
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return states.map((state) => {
      const name = names.get(state.resource);
      // One that was erased has none.
      return name === undefined || name === '' ? state : { ...state, name };
    });
  }

  private async states(scope: string, query: SyncStatesQuery): Promise<Page<SyncState>> {
    const filters = { ...query, tenant: scope, list: 'sync-states' };
    const after = readCursor(filters, query.cursor, PLACE.length);
    const walk = new Walk({ from: `${this.schema}.sync_states s`, where: wayOf(scope, query), order: PLACE, beside: ['s.kind', 's.state'], most: MOST_IN_INDEX, ...(after ? { after } : {}) });
    const where = new Where([...walk.values]).equals('w.o3', query.provider).equals('w.o4', query.account).equals('w.kind', query.kind).equals('w.state', query.state);
    const { rows } = await this.reader.query<PlacedRow>(
      `SELECT ${COLUMNS}, ARRAY[w.o1, w.o2, w.o3, w.o4] AS place FROM (${walk.entries}) w
       CROSS JOIN LATERAL (${oneOf(`${this.schema}.sync_states`, 'resource = w.o2 AND provider = w.o3 AND account = w.o4')}) s
       WHERE ${where.sql} ORDER BY w.o1, w.o2, w.o3, w.o4 LIMIT ${where.value(query.limit + 1)}`, where.values);
    return walkedPage({ reader: this.reader, walk, rows, filters, toItem: toSyncState, placeOf: ({ place }) => place });
  }

  /** In the order of the names: of what begins so, then of its targets. */
  private async search(scope: string, query: SyncStatesQuery, q: string): Promise<Page<SyncState>> {
    const filters = { ...query, tenant: scope, list: 'sync-states' };
    const { from, where: ofName, order } = byName(scope, q);
    const place = readCursor(filters, query.cursor, order.length + 2);
    const walk = new Walk({ from: `${this.schema}.${from}`, where: ofName, order, most: entriesFor(query.limit), ...(place ? { after: place.slice(0, order.length), again: true } : {}) });
    const where = new Where([...walk.values]).and(`s.resource = w.o${order.length} AND s.state IS NOT NULL`)
      .equals('s.provider', query.provider).equals('s.account', query.account).equals('s.kind', query.kind).equals('s.state', query.state);
    const columns = [...order.map((_column, n) => `w.o${n + 1}`), 's.provider', 's.account'].join(', ');
    const rest = place ? `WHERE (${columns}) > (${place.map((part) => where.value(part)).join(', ')})` : '';
    const { rows } = await this.reader.query<PlacedRow>(
      `SELECT ${COLUMNS}, ARRAY[${columns}] AS place FROM (${walk.entries}) w CROSS JOIN LATERAL (SELECT * FROM ${this.schema}.sync_states s WHERE ${where.sql} OFFSET 0) s
       ${rest} ORDER BY ${columns} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return walkedPage({ reader: this.reader, walk, rows, filters, toItem: toSyncState, placeOf: (row) => row.place, behind: [AFTER_ANY_PROVIDER, ''] });
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

/** Along which index a list is read: that of what the fewest are likely to be. */
function wayOf(scope: string, { provider, account, state, kind }: SyncStatesQuery): Where {
  const where = scopedTo(new Where(), scope, 's').and('s.state IS NOT NULL');
  const atTarget = provider !== undefined && account !== undefined;
  const ofTarget = (): Where => where.equals('s.provider', provider).equals('s.account', account);
  if (state !== undefined && state !== 'Synced') {
    where.equals('s.state', state);
    if (atTarget && state !== 'Syncing') return ofTarget();
    return where.equals('s.kind', isStuck(state) ? kind : undefined);
  }
  return atTarget ? ofTarget() : where.equals('s.kind', kind);
}

/** An engine will do no more by itself for now: a failure that is tried again is not settled, what a pause holds need not be waited for. */
function isSettled(state: SyncState): boolean {
  if (state.state === 'Pending') return state.pausedBy !== undefined || state.approval !== undefined;
  return SETTLED_STATES.has(state.state) && !(state.state === 'Failed' && state.nextRetryAt !== undefined);
}

function toSyncState({ resource, provider, account, kind, tenant, state, updated_at, body }: StateColumns): SyncState {
  return shownSyncState({ state, ...body, resource, kind, tenant, provider, account, updatedAt: updated_at } as unknown as SyncState);
}
