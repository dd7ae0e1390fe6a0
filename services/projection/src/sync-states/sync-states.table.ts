import type { LogPosition, SyncConfigPatch, SyncStateName } from '@wami/contracts';
import type { BindingOutcome } from '@wami/domain';
import { TENANT_RANGE, TEXT, type Table } from '../model/table';

/** Place and time of an event. */
export type Moment = readonly [position: LogPosition, time: string];

/** A tenant as the states need it. Named by its opaque id: a path may be taken again once its tenant is gone. */
export interface SyncTenant {
  readonly id: string;
  /** Key of all events of its tree. */
  readonly root: string;
  readonly path: string;
  readonly created: LogPosition;
  readonly deleted: boolean;
  readonly config: SyncConfigPatch;
  /** `provider/account` -> when the resolved settings began to ask for it, ceased to, began again, ... */
  readonly flips: Readonly<Record<string, readonly Moment[]>>;
  readonly triggers: { readonly onCreate: boolean; readonly onUpdate: boolean; readonly onDelete: boolean };
}

/** A resource as the states need it. */
export interface SyncResource {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly created: LogPosition;
  /** Newest event that changes what is wanted. */
  readonly intent: LogPosition;
  readonly intent_time: string;
  readonly cause: 'create' | 'update' | 'delete' | 'erase';
  /** What `syncToProviders` was set to, and when; empty where it never was. */
  readonly narrowed: readonly (readonly [position: LogPosition, to: readonly string[] | null])[];
  readonly seq: number;
}

/** One resource at one target. `state` is null where nobody sees it: the resource is not known yet, or the deletion was carried out. */
export interface SyncStateRow {
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
  readonly kind: string;
  readonly tenant: string;
  readonly state: SyncStateName | null;
  /** Place in WORST_FIRST. */
  readonly rank: number;
  /** Error code of a failure, else empty. */
  readonly code: string;
  readonly reason: string | null;
  /** Why it is skipped, as many are counted under it, else empty. */
  readonly skipped_for: string;
  /** Nothing will happen by itself: a trigger is off. */
  readonly held: boolean;
  /** Somebody has to decide about it; what is tried again by itself is no such conflict. */
  readonly conflicting: boolean;
  readonly updated_at: string;
  /** The visible state as callers get it, without what the other columns say. */
  readonly body: object | null;
  /** Newest event of identity that the visible state rests on; empty where it is not known. */
  readonly intent: LogPosition;
  /** What the engine last said. */
  readonly said: BindingOutcome | null;
  /** Newest intent that was reported as carried out; its time to settle is counted. */
  readonly settled: LogPosition;
  /** Newest intent that came to rest as failed, and is counted so. */
  readonly missed: LogPosition;
  readonly seq: number;
}

/** How many bindings of the tenant and of all below it are so, so that nobody sums over tenants; the empty tenant counts all. */
export interface SummaryRow {
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
  readonly kind: string;
  readonly state: string;
  readonly code: string;
  /** `skipped_for` of the states. */
  readonly reason: string;
  readonly count: number;
}

/** How many bindings of the tenant and of all below it took so long from the event that asked for it to Synced; see `settle-buckets.ts`. */
export interface SettleRow {
  readonly tenant: string;
  /** UTC day of the outcome, so that old ones can be left out. */
  readonly day: string;
  readonly bucket: number;
  readonly count: number;
}

/** What came of a change at a target. `recovered`: it failed first, and is counted as that too. */
export type RestOutcome = 'in-time' | 'late' | 'failed' | 'recovered';

/** The same by target and outcome; what failed is in the first bucket. */
export interface RestedRow extends SettleRow {
  readonly provider: string;
  readonly account: string;
  readonly outcome: RestOutcome;
}

/** An outcome that arrived before the event that it answers. */
export interface UntimedRow {
  readonly intent: LogPosition;
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
  readonly tenant: string;
  readonly at: string;
  readonly recovered: boolean;
}

export const SYNC_TENANTS: Table<SyncTenant> = {
  name: 'sync_tenants', key: ['id'], indexes: [{ name: 'path', on: '(path)' }, { name: 'root', on: '(root)' }],
  columns: { id: TEXT, root: TEXT, path: TEXT, created: TEXT, deleted: 'boolean', config: 'jsonb', flips: 'jsonb', triggers: 'jsonb' },
};

export const SYNC_RESOURCES: Table<SyncResource> = {
  name: 'sync_resources', key: ['id'], indexes: [{ name: 'tenant', on: '(tenant, id)' }], guard: 'seq',
  columns: { id: TEXT, kind: TEXT, tenant: TEXT, created: TEXT, intent: TEXT, intent_time: TEXT, cause: TEXT, narrowed: 'jsonb', seq: 'bigint' },
};

const STUCK: readonly SyncStateName[] = ['Failed', 'Skipped', 'NotConfigured'];
/** Few are so, and stay so until somebody does something. */
export const isStuck = (state: SyncStateName): boolean => STUCK.includes(state);
const sqlList = (states: readonly SyncStateName[]): string => states.map((state) => `'${state}'`).join(', ');

export const SYNC_STATES: Table<SyncStateRow> = {
  name: 'sync_states', key: ['resource', 'provider', 'account'], guard: 'seq', emptyWithout: ['state', 'said'], statistics: [TENANT_RANGE],
  indexes: [
    // With what lists filter by: what does not fit is passed over without a look into the table.
    { name: 'tenant', on: `(${TENANT_RANGE}, resource, provider, account) INCLUDE (kind, state, rank) WHERE state IS NOT NULL` },
    { name: 'kind', on: `(kind, ${TENANT_RANGE}, resource, provider, account) INCLUDE (state) WHERE state IS NOT NULL` },
    { name: 'target', on: `(provider, account, ${TENANT_RANGE}, resource) INCLUDE (kind, state) WHERE state IS NOT NULL` },
    { name: 'oldest', on: `(updated_at) WHERE state = 'Pending' AND NOT held` },
    { name: 'oldest_of', on: `(${TENANT_RANGE}, updated_at) WHERE state = 'Pending' AND NOT held` },
    // What few are: of a state other than that of nearly all, any part is found without reading the others.
    { name: 'state', on: `(state, ${TENANT_RANGE}, resource, provider, account) INCLUDE (kind) WHERE state <> 'Synced'` },
    { name: 'code', on: `(code, ${TENANT_RANGE}, resource, provider, account) WHERE code <> ''` },
    { name: 'stuck_target', on: `(state, provider, account, ${TENANT_RANGE}, resource) INCLUDE (kind) WHERE state IN (${sqlList([...STUCK, 'Pending'])})` },
    { name: 'stuck_kind', on: `(state, kind, ${TENANT_RANGE}, resource, provider, account) WHERE state IN (${sqlList(STUCK)})` },
    { name: 'conflict', on: '(updated_at, provider, account, resource) INCLUDE (kind, state) WHERE conflicting' },
    { name: 'conflict_of', on: `(${TENANT_RANGE}, updated_at, provider, account, resource) INCLUDE (kind, state) WHERE conflicting` },
  ],
  columns: {
    resource: TEXT, provider: TEXT, account: TEXT, kind: TEXT, tenant: TEXT, state: TEXT, rank: 'smallint', code: TEXT, reason: 'text', skipped_for: TEXT,
    held: 'boolean', conflicting: 'boolean', updated_at: TEXT, body: 'jsonb', intent: TEXT, said: 'jsonb', settled: TEXT, missed: TEXT, seq: 'bigint',
  },
};

export const SYNC_SUMMARY: Table<SummaryRow> = {
  name: 'sync_summary', key: ['tenant', 'provider', 'account', 'kind', 'state', 'code', 'reason'], counter: 'count',
  indexes: [{ name: 'place', on: `(${TENANT_RANGE}, provider, account, kind)` }],
  columns: { tenant: TEXT, provider: TEXT, account: TEXT, kind: TEXT, state: TEXT, code: TEXT, reason: TEXT, count: 'bigint' },
};

export const SYNC_SETTLED: Table<SettleRow> = {
  name: 'sync_settled', key: ['tenant', 'day', 'bucket'], indexes: [], counter: 'count',
  columns: { tenant: TEXT, day: TEXT, bucket: 'integer', count: 'bigint' },
};

export const SYNC_RESTED: Table<RestedRow> = {
  name: 'sync_rested', key: ['tenant', 'provider', 'account', 'day', 'outcome', 'bucket'], counter: 'count',
  indexes: [{ name: 'day', on: `(${TENANT_RANGE}, day)` }],
  columns: { tenant: TEXT, provider: TEXT, account: TEXT, day: TEXT, outcome: TEXT, bucket: 'integer', count: 'bigint' },
};

export const SYNC_UNTIMED: Table<UntimedRow> = {
  name: 'sync_untimed', key: ['intent', 'resource', 'provider', 'account'], indexes: [],
  columns: { intent: TEXT, resource: TEXT, provider: TEXT, account: TEXT, tenant: TEXT, at: TEXT, recovered: 'boolean' },
};
