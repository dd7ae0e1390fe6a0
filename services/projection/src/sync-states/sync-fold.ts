import { comparePositions, SLA_SECONDS, type RecordedBindingEvent } from '@wami/contracts';
import { together } from '@wami/event-store';
import { blankSyncState } from '../erasure/personal-columns';
import { addUp } from '../model/add-up';
import type { Ingested } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { blankRow, countedIn, countersMoved, evolveRow, type Rested } from './binding-row';
import { evolveResource } from './resource-intent';
import { bucketOf } from './settle-buckets';
import {
  SYNC_RESOURCES, SYNC_RESTED, SYNC_SETTLED, SYNC_STATES, SYNC_SUMMARY, SYNC_UNTIMED,
  type RestedRow, type RestOutcome, type SyncResource, type SyncStateRow, type SyncTenant, type UntimedRow,
} from './sync-states.table';
import { targetName } from './tenant-tree';
import { hasRow, visibleColumns } from './visible-state';

/** Resources with all their bindings, folded in memory and written once. */
export class SyncFold {
  private readonly resources = new Map<string, SyncResource>();
  private readonly bindings = new Map<string, Map<string, SyncStateRow>>();
  private readonly before = new Map<SyncStateRow | string, SyncStateRow>();
  private readonly tenants = new Map<string, SyncTenant[]>();
  private readonly changedResources = new Set<string>();
  private readonly changedBindings = new Set<string>();
  private readonly rested: Rested[] = [];

  constructor(resources: readonly SyncResource[], rows: readonly SyncStateRow[], tenants: readonly SyncTenant[]) {
    for (const resource of resources) this.resources.set(resource.id, resource);
    for (const row of rows) {
      this.bindingsOf(row.resource).set(targetName(row.provider, row.account), row);
      this.before.set(keyOf(SYNC_STATES, row), row);
    }
    for (const tenant of tenants) this.tenants.set(tenant.path, [...(this.tenants.get(tenant.path) ?? []), tenant]);
  }

  intent(event: Ingested): void {
    const before = this.resources.get(event.key);
    const after = evolveResource(before, event);
    if (!after || after === before) return;
    this.resources.set(event.key, after);
    this.changedResources.add(event.key);
  }

  /** Nothing of what was said stays but the states; `outcome` goes by it from now on. */
  erasure({ key, seq }: Ingested): void {
    const before = this.resources.get(key);
    if (before) this.resources.set(key, { ...before, cause: 'erase', seq });
    this.changedResources.add(key);
    const rows = this.bindingsOf(key);
    for (const [name, row] of rows) rows.set(name, { ...row, ...blankSyncState(row), seq });
  }

  outcome(event: RecordedBindingEvent, seq: number): void {
    const { resource, provider, account, kind } = event.data;
    const rows = this.bindingsOf(resource);
    const name = targetName(provider, account);
    const [row, rested] = evolveRow(rows.get(name) ?? blankRow({ resource, provider, account, kind, tenant: event.tenant }), event, seq);
    rows.set(name, this.resources.get(resource)?.cause === 'erase' ? { ...row, ...blankSyncState(row) } : row);
    this.changedBindings.add(resource);
    if (rested) this.rested.push(rested);
  }

  /** Derives what everyone sees, and writes all that changed. */
  async finish(rows: Rows, reviewed: Iterable<string> = []): Promise<void> {
    const after = [...new Set([...this.changedResources, ...this.changedBindings, ...reviewed])].flatMap((id) => this.review(id));
    const changed = after.filter((row) => row !== this.before.get(keyOf(SYNC_STATES, row)));
    await together([
      rows.put(SYNC_RESOURCES, [...this.changedResources].flatMap((id) => this.resources.get(id) ?? [])),
      rows.put(SYNC_STATES, changed),
      addUp(rows, SYNC_SUMMARY, changed.flatMap((row) => countersMoved(this.before.get(keyOf(SYNC_STATES, row)), row))),
      countFailed(rows, this.rested.filter(({ failed }) => failed)),
      countSettled(rows, this.rested.filter(({ failed }) => !failed).map(({ failed: _failed, ...row }) => row)),
    ]);
  }

  private review(id: string): SyncStateRow[] {
    const resource = this.resources.get(id);
    const tenant = resource && this.tenantOf(resource);
    const rows = this.bindingsOf(id);
    const names = new Set([...rows.keys(), ...Object.keys(tenant?.flips ?? {})]);
    return [...names].flatMap((name) => {
      const row = rows.get(name);
      const [provider = '', account = ''] = split(name);
      const known = { resource, tenant, said: row?.said ?? undefined };
      if (!row && !hasRow(known, { provider, account })) return [];
      const columns = visibleColumns(known, { provider, account });
      const blank = row ?? blankRow({ resource: id, provider, account, kind: resource?.kind ?? '', tenant: resource?.tenant ?? '' });
      const next = { ...blank, ...columns, ...(resource ? { kind: resource.kind, tenant: resource.tenant } : {}) };
      return [row && this.before.get(keyOf(SYNC_STATES, row)) === row && same(row, next) ? row : next];
    });
  }

  /** Of the tenants that had this path one after the other, the one that the resource was made in. */
  private tenantOf({ tenant, created }: SyncResource): SyncTenant | undefined {
    return (this.tenants.get(tenant) ?? []).filter((one) => comparePositions(one.created, created) <= 0)
      .sort((a, b) => comparePositions(b.created, a.created))[0];
  }

  private bindingsOf(id: string): Map<string, SyncStateRow> {
    const rows = this.bindings.get(id) ?? new Map<string, SyncStateRow>();
    this.bindings.set(id, rows);
    return rows;
  }
}

/** An account may hold any character but a slash comes only after the provider. */
function split(name: string): [string, string] {
  const cut = name.indexOf('/');
  return [name.slice(0, cut), name.slice(cut + 1)];
}

function same(a: SyncStateRow, b: SyncStateRow): boolean {
  return a.state === b.state && a.intent === b.intent && a.updated_at === b.updated_at && a.reason === b.reason && a.held === b.held
    && a.tenant === b.tenant && a.kind === b.kind && JSON.stringify(a.body) === JSON.stringify(b.body);
}

/** Counts how long each took since the event that it answers; where that has not arrived, it waits for it. */
export async function countSettled(rows: Rows, settled: readonly UntimedRow[]): Promise<void> {
  if (settled.length === 0) return;
  const times = await rows.eventTimes([...new Set(settled.map(({ intent }) => intent))]);
  await rows.put(SYNC_UNTIMED, settled.filter(({ intent }) => !times.has(intent)));
  const timed = settled.flatMap(({ intent, at, recovered, ...of }) => {
    const since = times.get(intent);
    if (since === undefined) return [];
    const seconds = (Date.parse(at) - Date.parse(since)) / 1000;
    return restedRows(of, at, recovered ? 'recovered' : seconds <= SLA_SECONDS ? 'in-time' : 'late', bucketOf(seconds));
  });
  await addUp(rows, SYNC_SETTLED, timed.map(({ tenant, day, bucket, count }) => ({ tenant, day, bucket, count })));
  await addUp(rows, SYNC_RESTED, timed);
}

const countFailed = (rows: Rows, failed: readonly Rested[]): Promise<void> => addUp(rows, SYNC_RESTED, failed.flatMap((one) => restedRows(one, one.at, 'failed', 0)));

function restedRows({ tenant, provider, account }: Pick<RestedRow, 'tenant' | 'provider' | 'account'>, at: string, outcome: RestOutcome, bucket: number): RestedRow[] {
  return countedIn(tenant).map((counted) => ({ tenant: counted, provider, account, outcome, day: at.slice(0, 10), bucket, count: 1 }));
}
