import { laterPosition, type EventMeta, type RecordedEvent } from '@wami/contracts';
import { together } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { isOtherEnd, kindOfEvent, relationChange, type Kind, type RelationChange } from '../kinds';
import { tracesOf } from '../tracing/pass-span';
import { loadResources, saveResources, type Resource } from './resource';

/** What a batch did to resources. */
export interface Touched {
  readonly resources: readonly Resource[];
  /** Resource id -> the newest event about it. */
  readonly causes: ReadonlyMap<string, EventMeta>;
  /** Trace contexts of all of them, oldest first. */
  readonly traces: ReadonlyMap<string, readonly string[]>;
  /** Ids of resources that lost a relation. */
  readonly withdrawn: ReadonlySet<string>;
  /** Ids of other ends of relations that were heard of for the first time: relations to them may have come earlier. */
  readonly appeared: readonly string[];
}

interface About {
  readonly event: RecordedEvent;
  readonly id: string;
  readonly kind: string;
  readonly own?: Kind;
  readonly relation?: RelationChange;
}

function aboutResource(event: RecordedEvent): About[] {
  const relation = relationChange(event);
  if (relation) return [{ event, id: relation.owner, kind: relation.ownerKind, relation }];
  const own = kindOfEvent(event);
  return own ? [{ event, id: event.stream, kind: own.kind, own }] : [];
}

/** Folds the events of resources and relations. Events of one key are in order; a relation may come before either of its ends. */
export async function foldResources(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<Touched> {
  const about = events.flatMap(aboutResource);
  if (about.length === 0) return { resources: [], causes: new Map(), traces: new Map(), withdrawn: new Set(), appeared: [] };
  const before = await loadResources(client, db, [...new Set(about.map(({ id }) => id))]);
  const after = new Map<string, Resource>();
  for (const { event, id, kind, own } of about) {
    const known = after.get(id) ?? before.get(id) ?? unknown(id, event, kind);
    const changed = own ? { ...own.evolve(known, event), version: event.version, tenant: event.tenant, subject: event.subject } : {};
    after.set(id, { ...known, ...changed, intent: laterPosition(known.intent, event.position) });
  }
  await together([saveResources(client, db, [...after.values()]), saveRelations(client, db, about.flatMap(({ relation }) => relation ?? []))]);
  const appeared = [...after.values()].filter(({ id, kind, document }) => isOtherEnd(kind) && document !== null && !before.get(id)?.document);
  const withdrawn = new Set(about.filter(({ relation }) => relation?.present === false).map(({ id }) => id));
  return { resources: [...after.values()], causes: new Map(about.map(({ id, event }) => [id, causedBy(event)])), traces: tracesOf(about), withdrawn, appeared: appeared.map(({ id }) => id) };
}

function unknown(id: string, { tenant, position }: RecordedEvent, kind: string): Resource {
  return { id, kind, tenant, subject: '', version: 0, deleted: false, document: null, intent: position };
}

/** What follows from an event names it as its cause and stays in its correlation. */
export function causedBy({ id, meta: { single: _single, ...meta } }: RecordedEvent): EventMeta {
  return { ...meta, causationId: id };
}

async function saveRelations(client: PoolClient, db: EngineDatabase, changes: readonly RelationChange[]): Promise<void> {
  const last = [...new Map(changes.map((change) => [JSON.stringify([change.owner, change.facet, change.other]), change])).values()];
  const rows = (present: boolean) => JSON.stringify(last.filter((change) => change.present === present));
  if (last.some(({ present }) => !present)) {
    await client.query(`DELETE FROM ${db.table('relations')} r USING jsonb_to_recordset($1::jsonb) AS c (owner text, facet text, other text)
      WHERE (r.owner, r.facet, r.other) = (c.owner, c.facet, c.other)`, [rows(false)]);
  }
  if (last.some(({ present }) => present)) {
    await client.query(`INSERT INTO ${db.table('relations')} (owner, facet, other)
      SELECT owner, facet, other FROM jsonb_to_recordset($1::jsonb) AS c (owner text, facet text, other text) ON CONFLICT DO NOTHING`, [rows(true)]);
  }
}
