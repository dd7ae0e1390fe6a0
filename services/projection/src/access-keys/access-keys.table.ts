import type { AccessKeyItem } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** Identity's events and those of engines come in any order. Nothing here is about a person. */
export interface AccessKeyRow {
  readonly id: string;
  readonly arn: string;
  readonly tenant: string;
  /** '' until identity's own event arrived. */
  readonly owner: string;
  readonly owner_kind: string;
  readonly status: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted: boolean;
  /** Forgotten with the key. */
  readonly issued: AccessKeyItem['issued'];
}

export const ACCESS_KEYS: Table<AccessKeyRow> = {
  name: 'access_keys', key: ['id'], indexes: [{ name: 'owner', on: '(owner, id) WHERE NOT deleted' }],
  columns: {
    id: TEXT, arn: TEXT, tenant: TEXT, owner: TEXT, owner_kind: TEXT, status: TEXT, version: 'integer', created_at: TEXT, updated_at: TEXT, deleted: 'boolean', issued: 'jsonb',
  },
};
