import { isErasure, repairStated, SUBJECT_EVENTS, type RecordedRepairEvent, type ResourceKind } from '@wami/contracts';
import { statedDocument } from '@wami/domain';
import { blankResource } from '../erasure/personal-columns';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { kindOfType, KINDS, RESOURCE_TYPES, withoutAdoption } from './resource-kinds';
import { RESOURCE_TAGS, RESOURCES, searchKey, type ResourceRow, type TagRow } from './resources.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const ids = [...new Set(events.map(({ key }) => key))];
  const before: ReadonlyMap<string, ResourceRow> = new Map((await rows.find(RESOURCES, 'id', ids)).map((row) => [row.id, row]));
  const known = new Map(before);
  for (const event of events) {
    const after = evolveRow(known.get(event.key), event);
    if (after) known.set(event.key, after);
  }
  await rows.put(RESOURCES, ids.flatMap((id) => known.get(id) ?? []));
  await putTags(rows, ids.map((id) => [before.get(id), known.get(id)]));
}

async function putTags(rows: Rows, resources: readonly (readonly [before: ResourceRow | undefined, after: ResourceRow | undefined])[]): Promise<void> {
  const changed = resources.map(([before, after]) => [tagsOf(before), tagsOf(after)] as const).filter(([from, to]) => JSON.stringify(from) !== JSON.stringify(to));
  await rows.remove(RESOURCE_TAGS, 'resource', changed.flatMap(([[first]]) => first?.resource ?? []));
  await rows.put(RESOURCE_TAGS, changed.flatMap(([, to]) => to));
}

/** Of what is there: lists are of nothing else. */
function tagsOf(row: ResourceRow | undefined): TagRow[] {
  if (!row || row.deleted) return [];
  return Object.entries(row.tags).map(([name, value]) => ({ resource: row.id, name, value, tenant: row.tenant }));
}

/** An event about a resource that was never made says nothing. */
function evolveRow(before: ResourceRow | undefined, event: Ingested): ResourceRow | undefined {
  if (isErasure(event)) return before && { ...before, ...blankResource(), deleted: true, version: event.version, updated_at: event.time, seq: event.seq };
  if (event.type === 'wami.repair.stated.v1') return afterStatement(before, event);
  const kind = kindOfType(event.type);
  const document = KINDS[kind].evolve(before?.document, event);
  const own = { version: event.version, updated_at: event.time, seq: event.seq };
  if (document === null) return before && { ...before, document, deleted: true, ...own };
  const listed = KINDS[kind].listed(document);
  return {
    id: event.key, arn: event.subject, kind, tenant: event.tenant, ...listed, name_key: searchKey(listed.name), document, deleted: false,
    created_at: before?.created_at ?? event.time, ...own,
  };
}

type Stated = Extract<RecordedRepairEvent, { type: 'wami.repair.stated.v1' }> & Ingested;

/** Tells of nothing that happened, except to who has missed it. */
function afterStatement(before: ResourceRow | undefined, event: Stated): ResourceRow | undefined {
  const { kind, version, deleted, dryRun } = event.data;
  if (dryRun || (before && before.version >= version)) return before;
  const own = { version, updated_at: event.time, seq: event.seq };
  if (deleted) return before && { ...before, document: null, deleted: true, ...own };
  const document = statedDocument(event);
  if (document === undefined) return before;
  const shown = withoutAdoption(document);
  const listed = KINDS[kind as ResourceKind].listed(shown);
  return {
    id: event.key, arn: event.subject, kind, tenant: event.tenant, ...listed, name_key: searchKey(listed.name), document: shown, deleted: false,
    created_at: before?.created_at ?? event.time, ...own,
  };
}

/** Every resource with what lists and searches need. */
export const resources: ReadModel = {
  name: 'resources', version: 3, tables: [RESOURCES, RESOURCE_TAGS], types: new Set([...RESOURCE_TYPES, repairStated.type, ...SUBJECT_EVENTS.map(({ type }) => type)]), apply, byKey: { first: new Set(), resident: [] },
};
