import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import type { Resource } from '../fold/resource';
import { kindNamed } from '../kinds';
import { nameAwaitedSql, type Awaited } from '../reconcile/outcome';
import { ownerOfResource } from './owner';

/** What else of the kind belongs to the same owner at the account. */
export interface Siblings {
  /** Lasting ids of those on record. */
  readonly others: readonly string[];
  /** The one whose making has to be over before, or that has to be gone. */
  readonly turnOf?: Awaited;
}

type Row = Pick<Binding, 'resource' | 'kind' | 'claimed' | 'unfinished'> & { readonly owner: string; readonly native: string | null; readonly restless: boolean };

/**
 * Of those in hand that are not on record yet. What nobody can tell apart at the target is made one after the other: while another may be being
 * made, what is new there could be either. Of two whose answers were lost, and of two in hand at once, the older goes first. Of what the owner has one of
 * at a time, the one on record has to be gone first.
 */
export async function loadSiblings(client: PoolClient, db: EngineDatabase, account: string, bindings: readonly Binding[], resources: ReadonlyMap<string, Resource>): Promise<ReadonlyMap<string, Siblings>> {
  const owners = new Map(bindings.flatMap((binding) => {
    const resource = binding.presence === null ? resources.get(binding.resource) : undefined;
    const owner = resource && ownerOfResource(resource);
    return owner ? [[binding.resource, { id: owner.id, kind: binding.kind }] as const] : [];
  }));
  if (owners.size === 0) return new Map();
  const { rows } = await client.query<Row>(prepared(`SELECT b.resource, b.kind, b.claimed, b.unfinished, r.document->>'ownerId' AS owner, b.presence->>'providerResourceId' AS native,
      (b.due_at IS NOT NULL OR b.paused_by IS NOT NULL OR ${nameAwaitedSql('b.waiting_for')} IS NOT NULL) AS restless
    FROM ${db.table('resources')} r JOIN ${db.bindings.name} b ON b.account = $1 AND b.resource = r.id WHERE r.document->>'ownerId' = ANY($2) ORDER BY b.resource`, [account, [...new Set([...owners.values()].map(({ id }) => id))]]));
  const inHand = new Map(bindings.map(({ resource, unfinished }) => [resource, unfinished]));
  return new Map([...owners].map(([resource, owner]) => {
    const beside = rows.filter((row) => row.owner === owner.id && row.kind === owner.kind && row.resource !== resource);
    const [turnOf] = beside.flatMap((row): Awaited[] => {
      if (row.native === null) return goesBefore(row, resource, inHand) ? [{ until: 'settled', resource: row.resource }] : [];
      return kindNamed(row.kind).single ? [{ until: 'gone', resource: row.resource, name: row.resource }] : [];
    });
    return [resource, { others: beside.flatMap(({ native }) => native ?? []), ...(turnOf ? { turnOf } : {}) }];
  }));
}

/** One that came to rest long after its last attempt is in nobody's way: what that made is as old by now. */
function goesBefore({ resource, claimed, unfinished, restless }: Row, than: string, inHand: ReadonlyMap<string, boolean>): boolean {
  const older = resource < than;
  if (inHand.has(resource)) return older;
  if (claimed) return true;
  return unfinished && restless && (older || inHand.get(than) !== true);
}
