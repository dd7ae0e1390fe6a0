import { Inject, Injectable } from '@nestjs/common';
import { parseArn, WORST_FIRST, syncErrorCodeSchema, syncStateNameSchema, targetSchema, type SyncStateName } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter, type Reference } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { noCursor, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { entriesFor, fewest, oneOf, Walk, walkedPage, type WalkOptions } from '../http/walk';
import { beginsWith, Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import { isStuck } from '../sync-states/sync-states.table';
import { searchKey, type ResourceRow } from './resources.table';

const tagFilter = filterText(385, 1);

export const resourcesQuerySchema = z.strictObject({
  tenant: tenantFilter,
  kind: filterText(64).optional(),
  q: filterText(512).optional().describe('Begins the name, upper and lower case alike; or is the whole id or ARN.'),
  tag: z.union([tagFilter.transform((one) => [one]), z.array(tagFilter).max(10)]).optional().describe('`key` or `key=value`; several must all hold.'),
  path: filterText(512).optional().describe('Begins the path.'),
  state: syncStateNameSchema.optional().describe('At one target at least.'),
  code: syncErrorCodeSchema.optional().describe('Failed so, at one target at least.'),
  include: z.enum(['document', 'states']).optional().describe('`document` gives each resource with all its fields, as reading it alone does; `states` with its state at each target.'),
  ...pagingSchema,
});
export type ResourcesQuery = z.infer<typeof resourcesQuerySchema>;

export const resourceItemSchema = z.object({
  id: z.string(), arn: z.string(), kind: z.string(), tenant: z.string(), name: z.string(), path: z.string().optional(), tags: z.record(z.string(), z.string()),
  version: z.number().int(), createdAt: z.iso.datetime(), updatedAt: z.iso.datetime(),
  worstState: syncStateNameSchema.optional().describe('The worst over all targets; absent where no target is asked for.'),
  document: z.record(z.string(), z.unknown()).optional().describe('Its fields, where `include=document` asked for them.'),
  states: z.array(z.object({ ...targetSchema.shape, state: syncStateNameSchema })).optional().describe('Its state at each target, where `include=states` asked for them.'),
}).meta({ id: 'ResourceItem' });
export type ResourceItem = z.infer<typeof resourceItemSchema>;

interface ItemRow extends ResourceRow {
  readonly worst: number | null;
  readonly place: readonly string[];
  readonly states?: ResourceItem['states'];
}

@Injectable()
export class ResourcesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async list(scope: string, query: ResourcesQuery): Promise<Page<ResourceItem>> {
    const filters = { ...query, tenant: scope, list: 'resources' };
    const ways = waysOf(scope, query).map((way) => ({ ...way, from: `${this.schema}.${way.from}` }));
    const place = readCursor(filters, query.cursor, MOST_PARTS);
    const number = place ? Number(place[0]) : await fewest(this.reader, ways);
    const way = ways[number] ?? noCursor();
    const walk = new Walk({ ...way, most: entriesFor(query.limit), ...(place ? { after: place.slice(1, 1 + way.order.length) } : {}) });
    const order = way.order.map((_column, n) => `w.o${n + 1}`).join(', ');
    const where = this.fitting(new Where([...walk.values]), query);
    const found = `SELECT r.*, ARRAY[${order}] AS place FROM (${way.several ? `SELECT DISTINCT * FROM (${walk.entries}) w ORDER BY ${order}` : walk.entries}) w
      CROSS JOIN LATERAL (${oneOf(`${this.schema}.resources`, `id = w.o${way.order.length}`)}) r WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(query.limit + 1)}`;
    const rows = await this.read(found, where, { withStates: query.include === 'states', rest: 'ORDER BY page.place' });
    // Read on along the same way, whatever is fewest then.
    const cursorOf = (at: readonly string[]): readonly string[] => [String(number), ...at, '', ''].slice(0, MOST_PARTS);
    return walkedPage({ reader: this.reader, walk, rows, filters, toItem: query.include === 'document' ? withDocument : toItem, placeOf: (row) => row.place, cursorOf });
  }

  /** A resource that exists or existed, in this tenant or below; undefined where there never was one. */
  async find(scope: string, { id, arn }: Reference): Promise<(ResourceItem & { readonly deleted: boolean }) | undefined> {
    const where = scopedTo(new Where(), scope, 'r').equals('r.id', id).equals('r.arn', arn);
    const [row] = await this.read(`SELECT r.* FROM ${this.schema}.resources r WHERE ${where.sql}`, where);
    return row && { ...toItem(row), deleted: row.deleted };
  }

  /** All that is asked, also what the walk answers by itself. */
  private fitting(where: Where, { kind, q, tag, path, state, code }: ResourcesQuery): Where {
    where.and('NOT r.deleted').equals('r.kind', kind).begins('r.path', path);
    if (q) where.and(named(where, q));
    for (const [name, value] of (tag ?? []).map(partsOf)) where.and(value === undefined ? `r.tags ? ${where.value(name)}` : `r.tags @> ${where.value(JSON.stringify({ [name]: value }))}::jsonb`);
    if (state === undefined && code === undefined) return where;
    const so = new Where(where.values).equals('x.state', state).equals('x.code', code);
    return where.and(`(${oneOf(`${this.schema}.sync_states x`, `x.tenant_path = r.tenant_path AND x.resource = r.id AND x.state IS NOT NULL AND ${so.sql}`, 'true')})`);
  }

  /** States are only looked for of what is shown. */
  private async read(found: string, where: Where, { withStates = false, rest = '' } = {}): Promise<ItemRow[]> {
    const states = `, jsonb_agg(jsonb_build_object('provider', o.provider, 'account', o.account, 'state', o.state) ORDER BY o.provider, o.account) AS states`;
    const { rows } = await this.reader.query<ItemRow>(
      `WITH page AS MATERIALIZED (${found})
       SELECT page.*, s.* FROM page LEFT JOIN LATERAL (SELECT min(o.rank) AS worst${withStates ? states : ''}
         FROM ${this.schema}.sync_states o WHERE o.tenant_path = page.tenant_path AND o.resource = page.id AND o.state IS NOT NULL) s ON true ${rest}`, where.values);
    return rows;
  }
}

interface Way extends Pick<WalkOptions, 'from' | 'where' | 'order'> {
  /** Of one resource there may be several entries. */
  readonly several?: boolean;
}

/** Of a tag with its value: both parts. */
function partsOf(tag: string): readonly [name: string, value?: string] {
  const cut = tag.indexOf('=');
  return cut < 0 ? [tag] : [tag.slice(0, cut), tag.slice(cut + 1)];
}

/** Few begin so. */
const TELLING = 3;

/** Number of the way, and the columns of its order. */
const MOST_PARTS = 4;

/**
 * Indexes along which a list can be read, each in its own order, whose last column is the id; those of what the fewest are likely to be first. What nearly
 * all are is no way: it is held against what another gives.
 */
function waysOf(scope: string, query: ResourcesQuery): readonly Way[] {
  const { q, path, kind, code, state } = query;
  const tags = (query.tag ?? []).map(partsOf);
  const ways = [
    ...(code === undefined ? [] : [byState(scope, (where) => where.equals('s.code', code).and("s.code <> ''"))]),
    ...(q && q.length >= TELLING ? [byName(scope, q)] : []),
    ...(code !== undefined || state === undefined || state === 'Synced' ? [] : [byState(scope, (where) => where.equals('s.state', state).equals('s.kind', isStuck(state) ? kind : undefined))]),
    ...tags.filter(([, value]) => value !== undefined).map((tag) => byTag(scope, tag)),
    ...(path ? [inRange(scope, 'r.path', (where) => where.and('NOT r.deleted').begins('r.path', path))] : []),
    ...tags.filter(([, value]) => value === undefined).map((tag) => byTag(scope, tag)),
    ...(q && q.length < TELLING ? [byName(scope, q)] : []),
  ];
  if (ways.length > 0) return ways;
  return [{ from: 'resources r', where: scopedTo(new Where(), scope, 'r').and('NOT r.deleted').equals('r.kind', kind), order: [tenantPath('r'), 'r.id'] }];
}

/** What `q` looks for, along the names. */
export const byName = (scope: string, q: string): Way => inRange(scope, 'r.name_key', (where) => where.and(named(where, q)));

/** Names and paths that begin alike lie together: such a list is in their order, of a tenant and those below it one after the other. */
function inRange(scope: string, column: string, fit: (where: Where) => Where): Way {
  return { from: 'resources r', where: fit(scopedTo(new Where(), scope, 'r')), order: [...(scope === '' ? [] : [tenantPath('r')]), column, 'r.id'] };
}

function byTag(scope: string, [name, value]: readonly [name: string, value?: string]): Way {
  return { from: 'resource_tags t', where: scopedTo(new Where(), scope, 't').equals('t.name', name).equals('t.value', value), order: [tenantPath('t'), 't.resource'] };
}

function byState(scope: string, fit: (where: Where) => Where): Way {
  return { from: 'sync_states s', where: fit(scopedTo(new Where(), scope, 's')), order: [tenantPath('s'), 's.resource'], several: true };
}

/** As ids begin. A name may begin so too. */
const LIKE_AN_ID = /^[a-z]{3}_/;

function named(where: Where, q: string): string {
  const id = parseArn(q)?.id;
  if (id !== undefined) return `(r.id = ${where.value(id)} AND r.arn = ${where.value(q)})`;
  const name = beginsWith(where, 'r.name_key', searchKey(q));
  return LIKE_AN_ID.test(q) ? `(${name} OR r.id = ${where.value(q)})` : name;
}

function withDocument(row: ItemRow): ResourceItem {
  return { ...toItem(row), ...(row.document === null ? {} : { document: row.document as Record<string, unknown> }) };
}

function toItem({ id, arn, kind, tenant, name, path, tags, version, created_at, updated_at, worst, states }: ItemRow): ResourceItem {
  const worstState: SyncStateName | undefined = worst === null ? undefined : WORST_FIRST[worst];
  return {
    id, arn, kind, tenant, name, ...(path === null ? {} : { path }), tags, version,
    createdAt: created_at, updatedAt: updated_at, ...(worstState ? { worstState } : {}), ...(states === undefined ? {} : { states: states ?? [] }),
  };
}
