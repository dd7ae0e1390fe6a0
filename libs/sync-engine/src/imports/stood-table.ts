import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import type { RelationChange } from '../kinds';
import type { Work } from '../reconcile/work';
import { thingKey, type Stood } from './stood';

/** A relation between two things of a target, each by its key. */
export interface Standing {
  readonly owner: string;
  readonly facet: string;
  readonly other: string;
}

const ownerKey = ({ kind, presence }: Pick<Binding, 'kind' | 'presence'>): string | undefined => presence?.providerResourceId === undefined ? undefined : thingKey(kind, presence.providerResourceId);

/** Notes what stands there; what people said of it since stays. */
export async function noteStanding(client: PoolClient, db: EngineDatabase, account: string, standing: readonly Standing[]): Promise<void> {
  if (standing.length === 0) return;
  await client.query(`INSERT INTO ${db.table('imports_relations')} (account, owner, facet, other)
    SELECT $1, owner, facet, other FROM jsonb_to_recordset($2::jsonb) AS s (owner text, facet text, other text) ON CONFLICT DO NOTHING`, [account, JSON.stringify(standing)]);
}

/** By resource. */
export async function loadStood(client: PoolClient, db: EngineDatabase, account: string, owners: readonly Binding[]): Promise<ReadonlyMap<string, readonly Stood[]>> {
  const keys = new Map(owners.flatMap((binding) => { const key = ownerKey(binding); return key === undefined ? [] : [[key, binding.resource] as const]; }));
  const stood = new Map<string, Stood[]>();
  if (keys.size === 0) return stood;
  const { rows } = await client.query<Stood & { readonly owner: string }>(prepared(
    `SELECT owner, facet, other, withdrawn FROM ${db.table('imports_relations')} WHERE account = $1 AND owner = ANY($2) ORDER BY owner, facet, other`, [account, [...keys.keys()]]));
  for (const { owner, ...row } of rows) {
    const resource = keys.get(owner) ?? '';
    stood.set(resource, [...(stood.get(resource) ?? []), row]);
  }
  return stood;
}

/** What the records of these hold from now on stands nowhere else. */
export async function forgetStood(client: PoolClient, db: EngineDatabase, account: string, works: readonly Work[]): Promise<void> {
  const gone = works.flatMap(({ binding, stood }) => stood?.onRecord.map(({ facet, other }) => ({ owner: ownerKey(binding), facet, other })) ?? []);
  if (gone.length === 0) return;
  await client.query(`DELETE FROM ${db.table('imports_relations')} r USING jsonb_to_recordset($2::jsonb) AS g (owner text, facet text, other text)
    WHERE r.account = $1 AND (r.owner, r.facet, r.other) = (g.owner, g.facet, g.other)`, [account, JSON.stringify(gone)]);
}

/** People took these back: where one stands at a target without being on record there it is to go. */
export async function withdrawStood(client: PoolClient, db: EngineDatabase, removed: readonly RelationChange[]): Promise<void> {
  await client.query(`WITH c AS (SELECT owner, facet, other FROM jsonb_to_recordset($1::jsonb) AS c (owner text, facet text, other text)),
      things AS (
        SELECT resource AS id, account, ${keySql('kind', "presence->>'providerResourceId'")} AS key FROM ${db.bindings.name}
          WHERE presence IS NOT NULL AND resource IN (SELECT owner FROM c UNION SELECT other FROM c)
        UNION SELECT id, document->'adopts'->>'account', ${keySql('kind', "document->'adopts'->>'providerResourceId'")} FROM ${db.table('resources')}
          WHERE document->'adopts' IS NOT NULL AND id IN (SELECT owner FROM c UNION SELECT other FROM c))
    UPDATE ${db.table('imports_relations')} r SET withdrawn = c.other FROM c JOIN things o ON o.id = c.owner JOIN things e ON e.id = c.other AND e.account = o.account
    WHERE r.account = o.account AND (r.owner, r.facet, r.other) = (o.key, c.facet, e.key)`, [JSON.stringify(removed)]);
}

/** `thingKey`, in SQL. */
const keySql = (kind: string, id: string): string => `encode(sha256(convert_to(${kind} || ' ' || (${id}), 'UTF8')), 'hex')`;
