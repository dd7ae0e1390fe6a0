import type { PlanAction, SyncErrorCode, Target } from '@wami/contracts';
import { TEXT, type Table } from '../model/table';

/** A repair as it was asked for. */
export interface RepairRow {
  readonly id: string;
  readonly tenant: string;
  readonly dry_run: boolean;
  readonly targets: readonly Target[];
  readonly created_at: string;
  readonly expires_at: string;
}

/** `total`: so many statements there are, plus one for the word itself; `stated`: arrived; `answered/<provider>`: its engine compared all. */
export interface RepairCountRow {
  readonly repair: string;
  readonly counter: string;
  readonly count: number;
}

/** A disagreement of an engine, or what a sync came to about a cloud: there with the account. */
export interface RepairItemRow {
  readonly repair: string;
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
  readonly kind: string;
  readonly tenant: string;
  readonly fields: readonly string[];
  readonly action: PlanAction | null;
  readonly code: SyncErrorCode | null;
  readonly is_right: boolean;
}

export const REPAIRS: Table<RepairRow> = {
  name: 'repairs', key: ['id'], indexes: [], columns: { id: TEXT, tenant: TEXT, dry_run: 'boolean', targets: 'jsonb', created_at: TEXT, expires_at: TEXT },
};

export const REPAIR_COUNTS: Table<RepairCountRow> = {
  name: 'repair_counts', key: ['repair', 'counter'], indexes: [], counter: 'count', visibleWith: { column: 'repair', table: 'repairs', is: 'id' },
  columns: { repair: TEXT, counter: TEXT, count: 'bigint' },
};

export const REPAIR_ITEMS: Table<RepairItemRow> = {
  name: 'repair_items', key: ['repair', 'resource', 'provider', 'account'], indexes: [{ name: 'resource', on: '(resource)' }],
  columns: {
    repair: TEXT, resource: TEXT, provider: TEXT, account: TEXT, kind: TEXT, tenant: TEXT, fields: 'jsonb', action: TEXT, code: TEXT, is_right: 'boolean',
  },
};
