import { ID_PREFIXES, repairAnswered, repairCompared, repairRequested, repairStated, repairTold, syncFailed, syncSucceeded, type RecordedBindingEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { REPAIR_COUNTS, REPAIR_ITEMS, REPAIRS, type RepairCountRow, type RepairItemRow, type RepairRow } from './repairs.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  await rows.put(REPAIRS, events.flatMap(repairOf));
  await rows.add(REPAIR_COUNTS, summed(events.flatMap(countOf)));
  const items = events.flatMap(itemsOf);
  const known = await rows.find(REPAIR_ITEMS, 'resource', [...new Set(items.map(({ resource }) => resource))]);
  const after = new Map(known.map((row) => [keyOf(REPAIR_ITEMS, row), row]));
  const changed = new Map<string, RepairItemRow>();
  for (const item of items) {
    const key = keyOf(REPAIR_ITEMS, item);
    const next = merged(after.get(key), item);
    if (!next) continue;
    after.set(key, next);
    changed.set(key, next);
  }
  await rows.put(REPAIR_ITEMS, [...changed.values()]);
}

function repairOf(event: Ingested): RepairRow[] {
  if (event.type !== 'wami.repair.requested.v1') return [];
  const { dryRun, targets, expiresAt } = event.data;
  return [{ id: event.stream, tenant: event.tenant, dry_run: dryRun, targets, created_at: event.time, expires_at: expiresAt }];
}

function countOf(event: Ingested): RepairCountRow[] {
  switch (event.type) {
    case 'wami.repair.stated.v1': return [{ repair: event.data.repair, counter: 'stated', count: 1 }];
    case 'wami.repair.told.v1': return [{ repair: event.stream, counter: 'total', count: event.data.stated + 1 }];
    case 'wami.sync.repair-answered.v1': return [{ repair: event.data.repair, counter: `answered/${event.data.provider}`, count: 1 }];
    default: return [];
  }
}

function summed(counts: readonly RepairCountRow[]): RepairCountRow[] {
  const sums = new Map<string, RepairCountRow>();
  for (const one of counts) {
    const key = keyOf(REPAIR_COUNTS, one);
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** Those that say that nothing differs may end an item, and begin none. */
function itemsOf(event: Ingested): RepairItemRow[] {
  if (event.type === 'wami.sync.repair-compared.v1') {
    const { repair, resource, kind, provider, differs, right } = event.data;
    return [{ repair, resource, provider, account: '', kind, tenant: event.tenant, fields: differs, action: null, code: null, is_right: right }];
  }
  if (event.type !== 'wami.sync.succeeded.v1' && event.type !== 'wami.sync.failed.v1') return [];
  return (event.data.jobs ?? []).filter((job) => job.startsWith(`${ID_PREFIXES.repair}_`)).map((repair) => outcomeItem(repair, event));
}

function outcomeItem(repair: string, event: Extract<RecordedBindingEvent, { type: 'wami.sync.succeeded.v1' | 'wami.sync.failed.v1' }>): RepairItemRow {
  const { resource, kind, provider, account, operation } = event.data;
  const about = { repair, resource, provider, account, kind, tenant: event.tenant, fields: [] };
  if (event.type === 'wami.sync.failed.v1') return { ...about, action: 'error', code: event.data.code, is_right: false };
  return { ...about, action: event.data.changed ? operation : 'none', code: null, is_right: true };
}

function merged(before: RepairItemRow | undefined, item: RepairItemRow): RepairItemRow | undefined {
  const saysNothing = item.is_right && item.fields.length === 0 && (item.action === null || item.action === 'none');
  if (!before) return saysNothing ? undefined : item;
  return { ...item, fields: [...new Set([...before.fields, ...item.fields])], ...(saysNothing ? { action: before.action, code: null } : {}) };
}

/** What repairs asked for, who has answered, and what engines and clouds disagreed in. */
export const repairs: ReadModel = {
  name: 'repairs', version: 1, tables: [REPAIRS, REPAIR_COUNTS, REPAIR_ITEMS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([repairRequested, repairStated, repairTold, repairCompared, repairAnswered, syncSucceeded, syncFailed].map(({ type }) => type)),
};
