import type { Difference, DriftKind, DriftState, SweepView } from '@wami/contracts';
import { TENANT_RANGE, TEXT, type Table } from '../model/table';

/** What somebody else changed of one resource at one target, as it was found last. */
export interface DriftRow {
  readonly provider: string;
  readonly account: string;
  readonly resource: string;
  readonly arn: string;
  readonly kind: string;
  readonly tenant: string;
  readonly drift: DriftKind;
  readonly state: DriftState;
  readonly differences: readonly Difference[];
  readonly found_at: string;
  readonly corrected_at: string | null;
}

/** The last sweep of a target for a tenant; `id` is the stream of its events. */
export interface SweepRow {
  readonly id: string;
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  readonly schedule: string;
  readonly swept_at: string;
  readonly next_at: string;
  readonly compared: number;
  readonly found: SweepView['found'];
  readonly problems: SweepView['problems'];
}

/** How many resources of a tenant drifted at a target, by what became of it. */
export interface DriftCountRow {
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  readonly state: DriftState;
  readonly count: number;
}

export const DRIFT_COUNTS: Table<DriftCountRow> = {
  name: 'drift_counts', key: ['tenant', 'provider', 'account', 'state'], indexes: [{ name: 'place', on: `(${TENANT_RANGE}, provider, account)` }], counter: 'count',
  columns: { tenant: TEXT, provider: TEXT, account: TEXT, state: TEXT, count: 'bigint' },
};

export const DRIFT: Table<DriftRow> = {
  name: 'drift', key: ['provider', 'account', 'resource'],
  indexes: [{ name: 'by_resource', on: '(resource)' }, { name: 'by_time', on: '(found_at, provider, account, resource)' },
    { name: 'of_tenant', on: `(${TENANT_RANGE}, found_at)` }, { name: 'open', on: `(found_at, provider, account, resource) WHERE state = 'open'` },
    { name: 'oldest', on: "(tenant, provider, account, found_at) WHERE state = 'open'" }],
  columns: {
    provider: TEXT, account: TEXT, resource: TEXT, arn: TEXT, kind: TEXT, tenant: TEXT, drift: TEXT, state: TEXT, differences: 'jsonb', found_at: TEXT, corrected_at: TEXT,
  },
};

export const SWEEPS: Table<SweepRow> = {
  name: 'sweeps', key: ['id'], indexes: [{ name: 'by_tenant', on: `(${TENANT_RANGE}, id)` }, { name: 'place', on: `(${TENANT_RANGE}, provider, account)` }],
  columns: {
    id: TEXT, tenant: TEXT, provider: TEXT, account: TEXT, schedule: TEXT, swept_at: TEXT, next_at: TEXT, compared: 'integer', found: 'jsonb', problems: 'jsonb',
  },
};
