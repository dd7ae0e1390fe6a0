import 'reflect-metadata';
import { createPool, scopedReader } from '@wami/event-store';
import { isWithinTenant, type SyncState } from '@wami/contracts';
import { startTestPostgres, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import { emptyProjection } from './bench/empty-projection';
import { LARGE, statesSql } from './bench/states-in-sql';
import { MOST_ENTRIES } from './http/walk';
import type { Page } from './http/paging';
import type { Applied } from './position/applied';
import { ResourcesQueries, resourcesQuerySchema, type ResourcesQuery } from './resources/resources.query';
import type { ResourceRow } from './resources/resources.table';
import { SyncStatesQueries, syncStatesQuerySchema, type SyncStatesQuery } from './sync-states/sync-states.query';
import type { SyncStateRow } from './sync-states/sync-states.table';
import { chooser } from './testing/history';

jest.setTimeout(120_000);

const SCHEMA = 'projection';
/** More resources than one page looks at. */
const RESOURCES = 6 * MOST_ENTRIES;
const TARGETS = 5;

type Asked = Readonly<Record<string, unknown>>;

describe('lists that look at a bounded part of an index for each page', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  let resources: readonly ResourceRow[];
  let states: readonly SyncStateRow[];

  beforeAll(async () => {
    postgres = await startTestPostgres();
    pool = createPool({ connectionString: postgres.url, max: 4, applicationName: 'spec', onError: () => undefined });
    await emptyProjection(pool, SCHEMA);
    for (const text of statesSql(SCHEMA, RESOURCES * TARGETS)) await pool.query(text);
    resources = (await pool.query<ResourceRow>(`SELECT * FROM ${SCHEMA}.resources`)).rows;
    states = (await pool.query<SyncStateRow>(`SELECT * FROM ${SCHEMA}.sync_states`)).rows;
  });
  afterAll(async () => {
    await pool.end();
    await postgres.stop();
  });

  /** What is on all pages, each of which keeps to the limit. */
  async function allPages<T>(limit: number, read: (cursor: string | undefined) => Promise<Page<T>>): Promise<{ items: T[]; pages: number }> {
    const items: T[] = [];
    for (let cursor: string | undefined, pages = 1; ; pages++) {
      const page: Page<T> = await read(cursor);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === undefined) return { items, pages };
    }
  }

  const readResources = (scope: string, asked: Asked, limit: number): Promise<{ items: { id: string }[]; pages: number }> => allPages(limit, (cursor) =>
    new ResourcesQueries(scopedReader(pool, () => scope), SCHEMA).list(scope, resourcesQuerySchema.parse({ ...asked, limit, cursor })));
  const readStates = (scope: string, asked: Asked, limit: number): Promise<{ items: SyncState[]; pages: number }> => allPages(limit, (cursor) =>
    new SyncStatesQueries(scopedReader(pool, () => scope), SCHEMA, {} as Applied).list(scope, syncStatesQuerySchema.parse({ ...asked, limit, cursor })));

  const inScope = (scope: string, tenant: string): boolean => scope === '' || isWithinTenant(tenant, scope);
  const isNamed = (of: ResourceRow | undefined, q: string | undefined): boolean => q === undefined || (of?.name_key.startsWith(q) ?? false);

  function fittingResources(scope: string, { kind, q, tag = [], path = '', state, code }: Partial<ResourcesQuery>): string[] {
    const so = new Set(states.filter((one) => (state === undefined || one.state === state) && (code === undefined || one.code === code)).map(({ resource }) => resource));
    const isTagged = (row: ResourceRow): boolean => tag.every((one) => Object.entries(row.tags).some(([name, value]) => one === name || one === `${name}=${value}`));
    return resources.filter((row) => !row.deleted && inScope(scope, row.tenant) && (kind === undefined || row.kind === kind) && isNamed(row, q) && isTagged(row)
      && (row.path ?? '').startsWith(path) && ((state ?? code) === undefined || so.has(row.id))).map(({ id }) => id).sort();
  }

  function fittingStates(scope: string, { provider, account, state, kind, q }: Partial<SyncStatesQuery>): string[] {
    const byId = new Map(resources.map((row) => [row.id, row]));
    return states.filter((one) => inScope(scope, one.tenant) && (provider === undefined || one.provider === provider) && (account === undefined || one.account === account)
      && (state === undefined || one.state === state) && (kind === undefined || one.kind === kind) && isNamed(byId.get(one.resource), q)).map(keyOf).sort();
  }

  const keyOf = ({ resource, provider, account }: Pick<SyncStateRow, 'resource' | 'provider' | 'account'>): string => `${resource} ${provider}/${account}`;

  it.each(Array.from({ length: 12 }, (_, seed) => seed))('show each resource and each state that fits once over all pages, by whatever filters together (%i)', async (seed) => {
    const choose = chooser(seed + 1);
    const pick = <T>(of: readonly T[]): T => of[choose(of.length)] as T;
    const scope = pick(['', LARGE, 't4', 't4/c5']);
    const some = (filters: Readonly<Record<string, readonly unknown[]>>): Asked => Object.fromEntries(Object.entries(filters).filter(() => choose(3) === 0).map(([name, values]) => [name, pick(values)]));
    const kinds = ['user', 'group', 'role'];
    const stateNames = ['Synced', 'Failed', 'Pending', 'Syncing', 'Skipped'];
    const asked = some({ kind: kinds, q: ['a', 'ann', 'ben.ba', 'zzz'], tag: [['cost=c1'], ['team'], ['cost=c2', 'team'], ['team=team-7', 'cost'], ['cost=c1', 'cost=c2'], ['nothing']], path: ['/department-1', '/department-7/'], state: stateNames, code: ['AccessDenied', 'Conflict'] });
    const limit = pick([100, 1000]);
    expect([asked, (await readResources(scope, asked, limit)).items.map(({ id }) => id).sort()]).toEqual([asked, fittingResources(scope, asked)]);
    const of = some({ provider: ['aws', 'scim'], account: ['000000000001', 'slack'], kind: kinds, state: stateNames, q: ['a', 'ben.ba'] });
    expect([of, (await readStates(scope, of, 1000)).items.map(keyOf).sort()]).toEqual([of, fittingStates(scope, of)]);
  });

  it('go on where few fit: a page may hold less than is asked for, and says so', async () => {
    const rare = { kind: 'role', tag: 'cost', state: 'Synced' };
    const { items, pages } = await readResources('', rare, 1000);
    expect(items).toHaveLength(fittingResources('', { kind: 'role', tag: ['cost'], state: 'Synced' }).length);
    expect(pages).toBeGreaterThan(1);
  });
});
