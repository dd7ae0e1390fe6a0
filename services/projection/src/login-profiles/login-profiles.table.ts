import type { LoginProfileItem } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** Identity's events and those of engines come in any order. Nothing here is about a person. */
export interface LoginProfileRow {
  readonly id: string;
  readonly arn: string;
  readonly tenant: string;
  /** '' until identity's own event arrived. */
  readonly owner: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted: boolean;
  /** Forgotten with the login profile. */
  readonly issued: LoginProfileItem['issued'];
}

export const LOGIN_PROFILES: Table<LoginProfileRow> = {
  name: 'login_profiles', key: ['id'], indexes: [{ name: 'owner', on: '(owner, id) WHERE NOT deleted' }],
  columns: { id: TEXT, arn: TEXT, tenant: TEXT, owner: TEXT, version: 'integer', created_at: TEXT, updated_at: TEXT, deleted: 'boolean', issued: 'jsonb' },
};
