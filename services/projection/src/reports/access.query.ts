import { Inject, Injectable } from '@nestjs/common';
import { isWithinTenant, type AccessRow } from '@wami/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { entriesFor, MOST_ENTRIES, oneOf, Walk, walkedPage } from '../http/walk';
import { Where } from '../http/where';
import { POOL, SCHEMA } from '../ports';
import type { RelationRow } from './relations.table';

export const accessQuerySchema = z.strictObject({
  tenant: tenantFilter, principal: filterText(64).optional().describe('Id of a user, role or service account.'), policy: filterText(64).optional().describe('Id of one policy.'),
  group: filterText(64).optional().describe('Id of one group.'), ...pagingSchema,
});
export type AccessQuery = z.infer<typeof accessQuerySchema>;

/** Ids are of letters, digits and underscores. */
const AFTER_ANY_ID = '~';

interface Found {
  readonly tenant: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly own: { readonly permissionsBoundary?: string; readonly trustPolicy?: object };
  /** Empty where the policy is the principal's own. */
  readonly via: string;
  readonly group_name: string | null;
  readonly group_tenant: string | null;
  readonly policy: string;
  readonly policy_name: string | null;
  readonly policy_tenant: string | null;
  readonly document: { readonly document?: object } | null;
  /** Name and document of an inline policy, of which `policy` is only a place in the order. */
  readonly inline: string | null;
  readonly inline_document: object | null;
  readonly targets: readonly string[] | null;
}

/** Who may do what where, and through which path. */
@Injectable()
export class AccessQueries {
  constructor(@Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string) {}

  /**
   * By principal, then by the group between. Groups and policies may be of tenants above, which are not the caller's to read and give its people something
   * all the same: so the rows are read as the owner. Principals are narrowed to `scope`, and beside it, as row-level security would, to `sees`, the caller's own tenant; of what is not within that, ids are told and no more.
   */
  async list(scope: string, sees: string, query: AccessQuery): Promise<Page<AccessRow>> {
    const filters = { ...query, tenant: scope };
    const after = readCursor(filters, query.cursor, 4);
    const principals = scopedTo(scopedTo(new Where(), scope, 'r'), sees, 'r').and('NOT r.deleted').equals('r.id', query.principal);
    const holders = await this.holders(query);
    if (holders) principals.and(`r.id = ANY(${principals.value(holders)}::text[])`);
    const walk = new Walk({ from: `${this.schema}.resources r`, where: principals, order: [tenantPath('r'), 'r.id'], most: entriesFor(query.limit), ...(after ? { after: after.slice(0, 2), again: true } : {}) });
    const place = 'w.o1, w.o2, a.via, a.policy';
    const where = new Where([...walk.values]).and("r.kind IN ('user', 'role', 'service-account')").equals('a.policy', query.policy).equals('a.via', query.group);
    if (after) where.and(`(${place}) > (${after.map((part) => where.value(part)).join(', ')})`);
    const resource = (id: string): string => oneOf(`${this.schema}.resources`, `id = ${id}`);
    const { rows } = await this.pool.query<Found>(
      `SELECT r.tenant, r.id, r.kind, r.name, r.document AS own, a.via, g.name AS group_name, g.tenant AS group_tenant, a.policy, p.name AS policy_name, p.tenant AS policy_tenant, p.document, a.inline, a.inline_document,
         (SELECT array_agg(s.provider || '/' || s.account ORDER BY s.provider, s.account) FROM ${this.schema}.sync_states s
          WHERE s.tenant_path = w.o1 AND s.resource = w.o2 AND s.state IS NOT NULL AND s.state NOT IN ('NotConfigured', 'Skipped')) AS targets
       FROM (${walk.entries}) w CROSS JOIN LATERAL (${resource('w.o2')}) r JOIN LATERAL (
         SELECT '' COLLATE "C" AS via, o.held AS policy, NULL::text AS inline, NULL::jsonb AS inline_document FROM ${this.schema}.relations o WHERE o.holder = w.o2 AND o.kind = 'attachment'
         UNION ALL SELECT m.held, o.held, NULL, NULL FROM ${this.schema}.relations m JOIN ${this.schema}.relations o ON o.holder = m.held AND o.kind = 'attachment' WHERE m.holder = w.o2 AND m.kind = 'membership'
         UNION ALL SELECT '', (r.id || '/' || md5(i.key)) COLLATE "C", i.key, i.value FROM jsonb_each(r.document->'inlinePolicies') i
         UNION ALL SELECT m.held, (m.held || '/' || md5(i.key)) COLLATE "C", i.key, i.value FROM ${this.schema}.relations m
           CROSS JOIN LATERAL (${resource('m.held')}) d CROSS JOIN LATERAL jsonb_each(d.document->'inlinePolicies') i WHERE m.holder = w.o2 AND m.kind = 'membership') a ON true
       LEFT JOIN LATERAL (${resource('a.policy')}) p ON true LEFT JOIN LATERAL (${resource('a.via')}) g ON true
       WHERE ${where.sql} AND (a.inline IS NOT NULL OR NOT p.deleted) AND (a.via = '' OR NOT g.deleted) ORDER BY ${place} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return walkedPage({
      reader: this.pool, walk, rows, filters, toItem: (row) => toAccess(row, sees), placeOf: ({ tenant, id, via, policy }) => [`${tenant}/`, id, via, policy], behind: [AFTER_ANY_ID, ''],
    });
  }

  /** Who may have it from the policy or the group that is asked for; undefined where nothing is asked, or too many have it to look them up one by one. */
  private async holders({ policy, group }: AccessQuery): Promise<readonly string[] | undefined> {
    // The id of an inline policy names its holder, of whom no relation tells.
    if (group === undefined && (policy === undefined || policy.includes('/'))) return undefined;
    const held = (ids: string, kind: RelationRow['kind']): string => `SELECT holder FROM ${this.schema}.relations WHERE held IN (${ids}) AND kind = '${kind}'`;
    const groups = group === undefined ? held('$1', 'attachment') : '$1';
    const { rows } = await this.pool.query<{ holder: string }>(`(${held(groups, 'membership')} LIMIT $2) UNION ${group === undefined ? `(${groups} LIMIT $2)` : "SELECT '' WHERE false"}`, [group ?? policy, MOST_ENTRIES]);
    return rows.length < MOST_ENTRIES ? rows.map(({ holder }) => holder) : undefined;
  }
}

function toAccess(row: Found, sees: string): AccessRow {
  const { tenant, id, kind, name, own: { permissionsBoundary, trustPolicy }, via, group_name, group_tenant, policy_name, document, inline, inline_document, targets } = row;
  const policy_tenant = row.policy_tenant ?? (via === '' ? tenant : group_tenant ?? '');
  const isSeen = (of: string | null): boolean => of !== null && isWithinTenant(of, sees);
  const [policy, called] = inline === null ? [row.policy, `policy/${isSeen(policy_tenant) ? policy_name : row.policy}`] : inlineOf(via === '' ? id : via, isSeen(policy_tenant) ? inline : undefined);
  const says = inline === null ? document?.document : inline_document ?? undefined;
  return {
    tenant, principal: id, principalKind: kind, principalName: name,
    path: [`${kind}/${name}`, ...(via === '' ? [] : [`group/${isSeen(group_tenant) ? group_name : via}`]), called],
    ...(via === '' ? {} : { group: via }), policy, policyTenant: policy_tenant,
    ...(isSeen(policy_tenant) ? { allows: actionsOf(says, 'Allow'), denies: actionsOf(says, 'Deny') } : {}),
    ...(permissionsBoundary === undefined ? {} : { boundary: permissionsBoundary }), ...(trustPolicy === undefined ? {} : { assumableBy: trusted(trustPolicy) }), targets: [...targets ?? []],
  };
}

/** What an inline policy is called in place of an id, and in the path. */
function inlineOf(owner: string, name: string | undefined): readonly [policy: string, called: string] {
  const policy = name === undefined ? `${owner}/inlinePolicies` : `${owner}/inlinePolicies/${name}`;
  return [policy, name === undefined ? 'inline-policy' : `inline-policy/${name}`];
}

type Statement = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const statementsOf = (document: object | undefined): readonly Statement[] => listOf((document as { readonly Statement?: unknown } | undefined)?.Statement) as readonly Statement[];

/** Actions of its statements; `not` stands before what a statement leaves out. */
function actionsOf(document: object | undefined, effect: 'Allow' | 'Deny'): string[] {
  const actions = statementsOf(document).filter(({ Effect }) => Effect === effect).flatMap(({ Action, NotAction }) => [...listOf(Action), ...listOf(NotAction).map((one) => `not ${String(one)}`)]);
  return [...new Set(actions.map(String))].sort();
}

/** Whom a trust policy lets assume its role. */
function trusted(document: object): string[] {
  const principals = statementsOf(document).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) =>
    (typeof Principal === 'object' && Principal !== null ? Object.values(Principal).flatMap(listOf) : listOf(Principal)));
  return [...new Set(principals.map(String))].sort();
}
