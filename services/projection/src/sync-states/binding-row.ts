import { comparePositions, LOG_START, tenantLineage, type RecordedBindingEvent } from '@wami/contracts';
import { evolveBinding } from '@wami/domain';
import type { SummaryRow, SyncStateRow, UntimedRow } from './sync-states.table';

/** A row of which nothing is known yet. */
export function blankRow({ resource, provider, account, kind, tenant }: Pick<SyncStateRow, 'resource' | 'provider' | 'account' | 'kind' | 'tenant'>): SyncStateRow {
  // Field by field: several times faster than a spread, and so are later copies of it.
  return {
    resource, provider, account, kind, tenant, state: null, rank: 0, code: '', reason: null, skipped_for: '', held: false, conflicting: false, updated_at: '', body: null, intent: '', said: null, settled: '', missed: '', seq: 0,
  };
}

/** An intent that came to rest for the first time. `failed`: not carried out; else its time to settle counts. */
export interface Rested extends UntimedRow {
  readonly failed: boolean;
}

/** Takes in what an engine says. The second part: what came to rest by that. */
export function evolveRow(before: SyncStateRow, event: RecordedBindingEvent, seq: number): [SyncStateRow, Rested?] {
  const said = evolveBinding(before.said ?? undefined, event);
  const { intent } = event.data;
  const failed = event.type === 'wami.sync.failed.v1' && event.data.nextRetryAt === undefined;
  const isNew = (known: string): boolean => comparePositions(intent, known || LOG_START) > 0;
  if (!(failed ? isNew(before.missed) && isNew(before.settled) : event.type === 'wami.sync.succeeded.v1' && isNew(before.settled))) return [{ ...before, said, seq }];
  const { resource, provider, account, tenant } = before;
  const rested = { intent, resource, provider, account, tenant, at: event.time, failed, recovered: !failed && !isNew(before.missed) };
  return [{ ...before, said, seq, ...(failed ? { missed: intent } : { settled: intent }) }, rested];
}

/** By how much each counter moves when a binding's row changes. */
export function countersMoved(before: SyncStateRow | undefined, after: SyncStateRow): readonly SummaryRow[] {
  const [from, to] = [before && counterOf(before, -1), counterOf(after, 1)];
  if (from && to && from.state === to.state && from.code === to.code && from.reason === to.reason) return [];
  return [from, to].flatMap((row) => (row === undefined ? [] : countedIn(row.tenant).map((tenant) => ({ ...row, tenant }))));
}

function counterOf({ tenant, provider, account, kind, state, code, skipped_for }: SyncStateRow, count: number): SummaryRow | undefined {
  return state === null ? undefined : { tenant, provider, account, kind, state, code, reason: skipped_for, count };
}

/** Whose counters count what is the tenant's: its own, those of each above it, and that of everything. */
export const countedIn = (tenant: string): readonly string[] => ['', ...tenantLineage(tenant)];
