import { IMPORT_EVENTS, isErasure, SUBJECT_EVENTS, SYNC_IMPORT_EVENTS } from '@wami/contracts';
import { blankImport, blankImportItem } from '../erasure/personal-columns';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { IMPORT_ITEMS, IMPORTS, type ImportItemRow, type ImportRow } from './imports.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const ids = [...new Set(events.map(({ key }) => key))];
  const imports = new Map((await rows.find(IMPORTS, 'id', ids)).map((row) => [row.id, numbered(row)]));
  const items = new Map<string, ImportItemRow>();
  const known = await knownItems(rows, events);
  for (const row of known) items.set(keyOf(IMPORT_ITEMS, row), row);
  for (const event of events) {
    const row = evolveImport(imports.get(event.key), event);
    if (row) imports.set(event.key, row);
    for (const item of evolveItems(items, event)) items.set(keyOf(IMPORT_ITEMS, item), item);
  }
  await rows.put(IMPORTS, [...imports.values()]);
  const before = new Map(known.map((row) => [keyOf(IMPORT_ITEMS, row), row]));
  await rows.put(IMPORT_ITEMS, [...items].flatMap(([key, row]) => (before.get(key) === row ? [] : [row])));
}

/** PostgreSQL hands large numbers out as texts. */
function numbered(row: ImportRow): ImportRow {
  const { seen, managed, told, found, imported, refused } = row;
  return { ...row, seen: Number(seen), managed: Number(managed), told: Number(told), found: Number(found), imported: Number(imported), refused: Number(refused) };
}

/** Only those that the events are about: an import may have found a hundred thousand. */
async function knownItems(rows: Rows, events: readonly Ingested[]): Promise<ImportItemRow[]> {
  const named = events.flatMap((event) => (event.type === 'wami.import.decided.v1' || event.type === 'wami.sync.import-found.v1' ? event.data.items.map(({ item }) => item) : []));
  const forgotten = new Set(events.filter(isErasure).map(({ key }) => key));
  const of = (await rows.find(IMPORT_ITEMS, 'item', [...new Set(named)])).filter(({ job }) => !forgotten.has(job));
  return [...of, ...(await rows.find(IMPORT_ITEMS, 'job', [...forgotten]))];
}

function unheardOf({ key, tenant }: Ingested): ImportRow {
  return {
    id: key, tenant, requested_at: null, provider: '', account: '', kinds: [], adopt: false, listed: false, seen: 0, managed: 0, told: 0, found: 0, imported: 0, refused: 0, problems: [],
  };
}

function evolveImport(before: ImportRow | undefined, event: Ingested): ImportRow | undefined {
  if (isErasure(event)) return before && { ...before, ...blankImport(before) };
  const row = before ?? unheardOf(event);
  switch (event.type) {
    case 'wami.import.requested.v1': {
      const { provider, account, kinds, adopt } = event.data;
      return { ...row, requested_at: event.time, provider, account, kinds, adopt };
    }
    case 'wami.import.decided.v1': {
      const imported = event.data.items.filter(({ outcome }) => outcome === 'imported').length;
      return { ...row, imported: row.imported + imported, refused: row.refused + event.data.items.length - imported };
    }
    case 'wami.sync.import-found.v1': return { ...row, told: row.told + event.data.items.filter(({ obstacle }) => obstacle === undefined).length };
    case 'wami.sync.import-listed.v1': {
      const { seen, managed, found, problems } = event.data;
      return { ...row, listed: true, seen, managed, found, problems: problems.map(({ kind, code }) => ({ kind, code, message: event.personal.messages[kind] ?? '' })) };
    }
    default: return before;
  }
}

function evolveItems(items: ReadonlyMap<string, ImportItemRow>, event: Ingested): ImportItemRow[] {
  if (isErasure(event)) return [...items.values()].filter(({ job }) => job === event.key).map((row) => ({ ...row, ...blankImportItem() }));
  const rowOf = (item: string): ImportItemRow => items.get(keyOf(IMPORT_ITEMS, { ...NOTHING, job: event.key, item })) ?? { ...NOTHING, job: event.key, item, tenant: event.tenant };
  if (event.type === 'wami.sync.import-found.v1') {
    const { kind, items: found } = event.data;
    return found.map(({ item, obstacle = null }) => ({ ...rowOf(item), kind, obstacle, thing: event.personal.things[item] ?? null }));
  }
  if (event.type !== 'wami.import.decided.v1') return [];
  return event.data.items.map(({ item, outcome, resource = null, code = null }) => ({ ...rowOf(item), outcome, resource, code, detail: event.personal.details[item] ?? null }));
}

const NOTHING: ImportItemRow = { job: '', item: '', tenant: '', kind: null, obstacle: null, thing: null, outcome: null, resource: null, code: null, detail: null };

/** What imports found, and what became of it. */
export const imports: ReadModel = {
  name: 'imports', version: 1, tables: [IMPORTS, IMPORT_ITEMS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([...IMPORT_EVENTS, ...SYNC_IMPORT_EVENTS, ...SUBJECT_EVENTS].map(({ type }) => type)),
};
