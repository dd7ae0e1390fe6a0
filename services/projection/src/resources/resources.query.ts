import { Inject, Injectable } from '@nestjs/common';
import { parseArn, WORST_FIRST, syncErrorCodeSchema, syncStateNameSchema, targetSchema, type SyncStateName } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter, type Reference } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { beginsWith, Where } from '../http/where';
import { TENANT_RANGE } from '../model/table';
import { READER, SCHEMA } from '../ports';
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
  readonly states?: ResourceItem['states'];
}

@Injectable()
export class ResourcesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async list(scope: string, query: ResourcesQuery): Promise<Page<ResourceItem>> {
    const filters = { ...query, tenant: scope };
    const inState = query.state ?? query.code;
    // What is read is in the order of the list: whatever it is, reading ends with the page.
    const from = inState ? 's' : 'r';
    const order = orderOf(scope, query);
    const columns = order.map((column) => (column === 'id' && inState ? 's.resource' : `${column === TENANT_RANGE ? from : 'r'}.${column}`)).join(', ');
    const where = scopedTo(new Where(), scope, from).and('NOT r.deleted').equals('r.kind', query.kind).equals('s.kind', inState ? query.kind : undefined).begins('r.path', query.path);
    if (query.q) where.and(named(where, query.q));
    for (const tag of query.tag ?? []) where.and(tagged(where, tag));
    if (inState) where.and('s.state IS NOT NULL').equals('s.state', query.state).equals('s.code', query.code);
    const after = readCursor(filters, query.cursor, order.length);
    if (after) where.and(`(${columns}) > (${after.map((part) => where.value(part)).join(', ')})`);
    const rows = await this.read(where, `ORDER BY ${columns} LIMIT ${where.value(query.limit + 1)}`, {
      withStates: query.include === 'states', shown: `ORDER BY ${order.map((column) => `page.${column}`).join(', ')}`,
      // Of a resource that is so at several targets the first stands for all.
      ...(inState ? { distinct: `DISTINCT ON (${columns})`, joined: `JOIN ${this.schema}.sync_states s ON s.resource = r.id` } : {}),
    });
    const itemOf = query.include === 'document' ? withDocument : toItem;
    return pageOf(rows, filters, itemOf, (row) => order.map((column) => (column === TENANT_RANGE ? `${row.tenant}/` : row[column] ?? '')));
  }

  /** A resource that exists or existed, in this tenant or below; undefined where there never was one. */
  async find(scope: string, { id, arn }: Reference): Promise<(ResourceItem & { readonly deleted: boolean }) | undefined> {
    const [row] = await this.read(scopedTo(new Where(), scope, 'r').equals('r.id', id).equals('r.arn', arn), '');
    return row && { ...toItem(row), deleted: row.deleted };
  }

  /** States are only looked for of what is shown: `rest` ends with the page. */
  private async read(where: Where, rest: string, { distinct = '', joined = '', shown = '', withStates = false } = {}): Promise<ItemRow[]> {
    const states = `, jsonb_agg(jsonb_build_object('provider', o.provider, 'account', o.account, 'state', o.state) ORDER BY o.provider, o.account) AS states`;
    const { rows } = await this.reader.query<ItemRow>(
      `WITH page AS MATERIALIZED (SELECT ${distinct} r.* FROM ${this.schema}.resources r ${joined} WHERE ${where.sql} ${rest})
       SELECT page.*, s.* FROM page LEFT JOIN LATERAL (SELECT min(o.rank) AS worst${withStates ? states : ''}
         FROM ${this.schema}.sync_states o WHERE o.resource = page.id AND o.state IS NOT NULL) s ON true ${shown}`, where.values);
    return rows;
  }
}

/** Names and paths that begin alike lie together: such a list is in their order, of a tenant and those below it one after the other. One of resources in a state is in the order of the states. */
function orderOf(scope: string, { q, path, state, code }: ResourcesQuery): readonly (typeof TENANT_RANGE | 'name_key' | 'path' | 'id')[] {
  if (state === undefined && code === undefined) {
    if (q) return scope === '' ? ['name_key', 'id'] : [TENANT_RANGE, 'name_key', 'id'];
    if (path) return ['path', 'id'];
  }
  return [TENANT_RANGE, 'id'];
}

/** As ids begin. A name may begin so too. */
const LIKE_AN_ID = /^[a-z]{3}_/;

/** What `q` looks for, in any list that has resources as `r`. */
export function named(where: Where, q: string): string {
  const id = parseArn(q)?.id;
  if (id !== undefined) return `(r.id = ${where.value(id)} AND r.arn = ${where.value(q)})`;
  const name = beginsWith(where, 'r.name_key', searchKey(q));
  return LIKE_AN_ID.test(q) ? `(${name} OR r.id = ${where.value(q)})` : name;
}

function tagged(where: Where, tag: string): string {
  const cut = tag.indexOf('=');
  if (cut < 0) return `r.tags ? ${where.value(tag)}`;
  return `r.tags @> ${where.value(JSON.stringify({ [tag.slice(0, cut)]: tag.slice(cut + 1) }))}::jsonb`;
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
