import { prepared, together } from '@wami/event-store';
import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import { configForKind } from '@wami/domain';
import { BOUNDARY } from '@wami/provider-port';
import type { PoolClient } from 'pg';
import type { Binding, Presence } from '../bindings/binding';
import { nameInMotion } from '../bindings/name-in-motion';
import { standingFacets } from '../bindings/standing';
import { isNameOnRecordTwice } from '../bindings/names-on-record-twice';
import { isLeftOutSql, restsSql } from '../bindings/rests';
import type { EngineDatabase } from '../database/engine-database';
import { loadResources, type Resource } from '../fold/resource';
import { loadSettings } from '../fold/settings';
import { ownerOfResource } from '../issued/owner';
import { loadSiblings } from '../issued/siblings';
import { isOtherEnd, kindNamed } from '../kinds';
import { boundaryOf } from '../reconcile/boundary';
import type { EndStatus, Work } from '../reconcile/work';

type Ends = Map<string, EndStatus & { readonly kind: string }>;

/** All that the passes over these bindings of one account need to know, in a few queries. */
export async function loadWork(client: PoolClient, db: EngineDatabase, account: string, bindings: readonly Binding[]): Promise<Work[]> {
  const owners = bindings.filter(({ kind }) => Object.keys(kindNamed(kind).facets).length > 0);
  const [resources, settings, relations, doubted] = await together([
    loadResources(client, db, bindings.map(({ resource }) => resource)), loadSettings(client, db, bindings.map(({ tenant }) => tenant)), loadRelations(client, db, owners),
    loadDoubted(client, db, account, bindings),
  ]);
  const owned = bindings.filter(({ kind }) => kindNamed(kind).belongsTo !== undefined);
  const ends = await loadEnds(client, db, account, [...owners, ...owned], relations, resources);
  const siblings = owned.length > 0 ? await loadSiblings(client, db, account, owned, resources) : undefined;
  return bindings.flatMap((binding) => {
    const resource = resources.get(binding.resource);
    if (!resource) return [];
    const config = configForKind(settings.of(binding.tenant)?.config ?? DEFAULT_SYNC_CONFIG, binding.kind);
    return [{ binding, resource, config, relations: relations.get(binding.resource) ?? {}, ends, lost: binding.unfinished, ...(doubted.has(binding.resource) ? { nameDoubted: true } : {}), ...siblings?.get(binding.resource) }];
  });
}

/** Those whose name on record may be another's by now. Of kinds that are no other ends only what is in hand at once is looked at. */
async function loadDoubted(client: PoolClient, db: EngineDatabase, account: string, bindings: readonly Binding[]): Promise<ReadonlySet<string>> {
  const named = bindings.filter(({ kind, presence }) => presence !== null && isOtherEnd(kind));
  if (named.length === 0) return new Set();
  const { rows } = await client.query<{ resource: string }>(prepared(
    `SELECT resource FROM ${db.bindings.name} b WHERE account = $1 AND resource = ANY($2) AND ${isNameOnRecordTwice(db.bindings.name)}`, [account, named.map(({ resource }) => resource)]));
  return new Set(rows.map(({ resource }) => resource));
}

async function loadRelations(client: PoolClient, db: EngineDatabase, owners: readonly Binding[]): Promise<Map<string, Record<string, string[]>>> {
  const relations = new Map<string, Record<string, string[]>>();
  if (owners.length === 0) return relations;
  const { rows } = await client.query<{ owner: string; facet: string; others: string[] }>(prepared(`SELECT owner, facet, array_agg(other ORDER BY other) AS others FROM ${db.table('relations')} WHERE owner = ANY($1) GROUP BY owner, facet`, [owners.map(({ resource }) => resource)]));
  for (const { owner, facet, others } of rows) relations.set(owner, { ...relations.get(owner), [facet]: others });
  return relations;
}

export type EndRow = { readonly id: string; readonly known: boolean; readonly gone: boolean; readonly twice: boolean }
  & (Pick<Binding, 'wanted' | 'presence' | 'deleted' | 'tried' | 'claimed' | 'unfinished' | 'nameCertain'> & { readonly rests: boolean; readonly leftOut: boolean; readonly paused: boolean } | { readonly wanted: null });

/** Of a binding `b`, in SQL: what `statusOf` needs to know. */
export const END_COLUMNS = `b.wanted, b.presence, b.deleted, b.tried, b.claimed, b.unfinished, b.name_certain AS "nameCertain", ${restsSql('b')} AS rests, ${isLeftOutSql('b')} AS "leftOut", b.paused_by IS NOT NULL AS paused`;

/** The other ends of wanted relations, of those on record and of those that may have been made, permissions boundaries, and what something belongs to, as they stand at the account. */
async function loadEnds(
  client: PoolClient, db: EngineDatabase, account: string, owners: readonly Binding[], relations: ReadonlyMap<string, Record<string, string[]>>,
  resources: ReadonlyMap<string, Resource>,
): Promise<Ends> {
  const kinds = new Map<string, string>();
  for (const { kind, resource, presence, triedEnds } of owners) {
    const boundary = boundaryOf(resources.get(resource) ?? { document: null });
    for (const id of [...(boundary === undefined ? [] : [boundary]), ...(triedEnds[BOUNDARY] ?? [])]) kinds.set(id, 'policy');
    const belongsTo = ownerOfResource(resources.get(resource) ?? { kind, document: null });
    if (belongsTo) kinds.set(belongsTo.id, belongsTo.kind);
    for (const [facet, { of }] of Object.entries(kindNamed(kind).facets)) {
      for (const id of [...(relations.get(resource)?.[facet] ?? []), ...(presence ? standingFacets(presence)[facet] ?? [] : []), ...(triedEnds[facet] ?? [])]) kinds.set(id, of);
    }
  }
  if (kinds.size === 0) return new Map();
  // Each by itself (OFFSET 0): while the tables are new to the planner it would read all of the account for a few.
  const { rows } = await client.query<EndRow>(prepared(`SELECT e.id, r.document IS NOT NULL AS known, coalesce(r.deleted, false) AS gone,
        ${END_COLUMNS}, ${isNameOnRecordTwice(db.bindings.name)} AS twice FROM unnest($2::text[]) AS e (id)
      LEFT JOIN LATERAL (SELECT document, deleted FROM ${db.table('resources')} WHERE id = e.id OFFSET 0) r ON true
      LEFT JOIN LATERAL (SELECT * FROM ${db.table('bindings')} WHERE account = $1 AND resource = e.id OFFSET 0) b ON true`, [account, [...kinds.keys()]]));
  return new Map(rows.map((row) => [row.id, { ...statusOf(row), kind: kinds.get(row.id) ?? '' }]));
}

/** Where an end stands at the account, from its rows. Pure. */
export function statusOf(end: EndRow): EndStatus {
  if (!end.known) return { is: 'pending' };
  // Given up here it stands there all the same.
  if (!end.wanted) return { is: 'absent', ...(end.wanted === false && end.presence ? { providerResourceId: end.presence.providerResourceId } : {}) };
  const { presence, gone, paused } = end;
  const rests = end.rests ? { rests: true } as const : {};
  if (end.twice) return { is: 'moving', paused };
  if (nameInMotion(end)) return { is: 'moving', paused, ...rests };
  if (gone) return presence ? { is: 'leaving', ...calledAt(presence) } : { is: 'absent' };
  if (presence === null) return { is: 'pending', paused, ...rests, ...(end.leftOut ? { leftOut: true } : {}) };
  return { is: 'ready', ...calledAt(presence), ...(presence.createdAt === undefined ? {} : { createdAt: presence.createdAt }) };
}

function calledAt({ name, nativeArn, providerResourceId }: Presence): Pick<Presence, 'name' | 'nativeArn' | 'providerResourceId'> {
  return { name, nativeArn, providerResourceId };
}
