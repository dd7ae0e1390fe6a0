import { TENANT_RANGE, TEXT, type Table } from '../model/table';

export interface ResourceRow {
  readonly id: string;
  readonly arn: string;
  readonly kind: string;
  readonly tenant: string;
  /** Personal. The last one where the resource is deleted; empty once it is erased. */
  readonly name: string;
  /** Personal. The name as it is searched: NFKC, lower case. */
  readonly name_key: string;
  readonly path: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Personal. As the decider folds it; null once deleted. */
  readonly document: object | null;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted: boolean;
  readonly seq: number;
}

export const RESOURCES: Table<ResourceRow> = {
  name: 'resources', key: ['id'], guard: 'seq', statistics: [TENANT_RANGE, 'name_key', 'path'],
  indexes: [
    { name: 'tenant', on: `(${TENANT_RANGE}, id) WHERE NOT deleted` },
    // Also of deleted ones, whose states are looked for by name: a tenant's caller reads no more than the tenant's rows.
    { name: 'scope', on: `(${TENANT_RANGE}, id)` },
    { name: 'kind', on: `(kind, ${TENANT_RANGE}, id) WHERE NOT deleted` },
    { name: 'search', on: '(name_key, id)' }, { name: 'search_of', on: `(${TENANT_RANGE}, name_key, id)` },
    { name: 'path', on: '(path, id) WHERE NOT deleted' }, { name: 'path_of', on: `(${TENANT_RANGE}, path, id) WHERE NOT deleted` },
  ],
  columns: {
    id: TEXT, arn: TEXT, kind: TEXT, tenant: TEXT, name: TEXT, name_key: TEXT, path: TEXT, tags: 'jsonb', document: 'jsonb', version: 'integer',
    created_at: TEXT, updated_at: TEXT, deleted: 'boolean', seq: 'bigint',
  },
};

/** One tag of a resource that is there. A table, because only so each tag has its resources in the order of a list; and operators of jsonb are kept from indexes by row-level security. */
export interface TagRow {
  readonly resource: string;
  readonly name: string;
  readonly value: string;
  readonly tenant: string;
}

export const RESOURCE_TAGS: Table<TagRow> = {
  name: 'resource_tags', key: ['resource', 'name'],
  indexes: [{ name: 'value', on: `(name, value, ${TENANT_RANGE}, resource)` }, { name: 'name', on: `(name, ${TENANT_RANGE}, resource)` }],
  columns: { resource: TEXT, name: TEXT, value: TEXT, tenant: TEXT },
};

/** How names are compared in searches. */
export const searchKey = (name: string): string => name.normalize('NFKC').toLowerCase();
