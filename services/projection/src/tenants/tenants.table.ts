import type { TenantDocument } from '@wami/domain';
import { TEXT, type Table } from '../model/table';

export interface TenantRow {
  /** Opaque: a path may be taken again once its tenant is gone. */
  readonly id: string;
  readonly tenant: string;
  readonly parent: string | null;
  readonly arn: string;
  readonly status: 'active' | 'deleting' | 'deleted';
  /** As the decider folds it; null once deleted. */
  readonly document: TenantDocument | null;
  readonly version: number;
  readonly seq: number;
}

export const TENANTS: Table<TenantRow> = {
  name: 'tenants', key: ['id'], guard: 'seq',
  indexes: [{ name: 'parent', on: `(parent, tenant) WHERE status <> 'deleted'` }, { name: 'path', on: `((tenant || '/')) WHERE status <> 'deleted'` }],
  columns: { id: TEXT, tenant: TEXT, parent: TEXT, arn: TEXT, status: TEXT, document: 'jsonb', version: 'integer', seq: 'bigint' },
};
