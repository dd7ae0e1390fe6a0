import type { EventMeta, SyncOperation } from '@wami/contracts';
import { wantedTargets } from '@wami/domain';
import { together } from '@wami/event-store';
import type { PoolClient } from 'pg';
import { bindingEvent } from '../bindings/binding-events';
import { bindingStream, operationOf, type Binding, type Lane } from '../bindings/binding';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import { isOtherEnd } from '../kinds';
import { knowTargets } from '../targets/lease';
import { evaluate, type Evaluated } from './evaluate';
import type { Resource } from './resource';
import { loadSettings, type Settings } from './settings';

export interface Reason {
  /** Resources that events are about, and which. */
  readonly causes: ReadonlyMap<string, EventMeta>;
  /** Trace contexts of all of them. */
  readonly traces?: ReadonlyMap<string, readonly string[]>;
  /** Where there is no event about the resource itself. */
  readonly cause: EventMeta;
  readonly retag: boolean;
  /** See `Occasion.stopped`. */
  readonly stopped?: readonly SyncOperation[];
  readonly lane: Lane;
  /** See `Touched.withdrawn`. */
  readonly withdrawn?: ReadonlySet<string>;
  readonly now: number;
  /** Correlations of more edits than a person makes. */
  readonly bulk?: ReadonlySet<string>;
  /** See `Touched.appeared`. */
  readonly appeared: readonly string[];
  /** Rows may have been lost: a binding that seems new may have a history. */
  readonly lost?: boolean;
}

/** Decides anew which bindings of these resources are wanted and due, and says so. Resolves with the accounts that have work now. */
export async function reconsider(client: PoolClient, db: EngineDatabase, resources: readonly Resource[], reason: Reason): Promise<Set<string>> {
  const known = resources.filter(({ document }) => document !== null);
  if (known.length === 0) return new Set();
  const [settings, locked] = await together([
    loadSettings(client, db, known.map(({ tenant }) => tenant)), db.bindings.lock(client, 'b.resource = ANY($1)', [known.map(({ id }) => id)]),
  ]);
  const bindings = groupBy(locked, ({ resource }) => resource);
  let changes: BindingChange[] = [];
  const ends: End[] = [];
  for (const resource of known) {
    const before = bindings.get(resource.id) ?? [];
    for (const [account, evaluated] of evaluateAll(before, resource, settings.of(resource.tenant), db.provider, reason)) {
      const was = before.find((binding) => binding.account === account);
      changes.push(changeOf(db.provider, evaluated, resource));
      if (isOtherEnd(resource.kind) && was?.wanted !== evaluated.binding.wanted) ends.push({ account, other: resource.id });
    }
  }
  if (reason.lost) changes = await Promise.all(changes.map((change) => withHistory(db, change)));
  const [, , woken] = await together([db.write(client, changes), knowTargets(client, db, changes.filter(({ binding }) => binding.generation <= 1).map(({ binding }) => binding.account)), wakeOwners(client, db, ends, reason)]);
  return new Set([...woken, ...changes.filter(({ binding }) => binding.dueAt !== null).map(({ binding }) => binding.account)]);
}

async function withHistory(db: EngineDatabase, change: BindingChange): Promise<BindingChange> {
  const { binding } = change;
  if (binding.streamVersion > 0) return change;
  const last = (await db.store.readStream(bindingStream(db.provider, binding))).at(-1);
  return last ? { ...change, binding: { ...binding, streamVersion: last.version, unfinished: true } } : change;
}

/** Of a resource: its bindings as they are to be after this. Pure. */
export function evaluateAll(
  before: readonly Binding[], resource: Resource, settings: Settings | undefined, provider: string, reason: Reason,
): (readonly [string, Evaluated])[] {
  const wanted = new Set(accountsOf(resource, settings, provider));
  const cause = reason.causes.get(resource.id);
  const occasion = { touched: cause !== undefined, withdrawn: reason.withdrawn?.has(resource.id) ?? false, retag: reason.retag, stopped: reason.stopped ?? [], lane: laneOf(cause, reason), cause: cause ?? reason.cause, traces: reason.traces?.get(resource.id) ?? [], now: reason.now };
  return [...new Set([...wanted, ...before.map(({ account }) => account)])].flatMap((account) => {
    const evaluated = evaluate(before.find((binding) => binding.account === account), account, resource, settings, wanted.has(account), occasion);
    return evaluated ? [[account, evaluated] as const] : [];
  });
}

/** Thousands of edits at once are a machine's, whoever set it going. */
function laneOf(cause: EventMeta | undefined, { lane, bulk }: Reason): Lane {
  return cause !== undefined && bulk?.has(cause.correlationId ?? '') ? 1 : lane;
}

function accountsOf(resource: Resource, settings: Settings | undefined, provider: string): string[] {
  if (settings === undefined) return [];
  const only = resource.document?.['syncToProviders'] as readonly string[] | undefined;
  return wantedTargets(settings.config, only).filter((target) => target.provider === provider).map(({ account }) => account);
}

export function changeOf(provider: string, { binding, requested }: Evaluated, { version }: Pick<Resource, 'version'>): BindingChange {
  const about = { intent: binding.intent, version, operation: operationOf(binding), jobs: binding.jobs };
  return { binding, meta: binding.cause, events: requested ? [bindingEvent('wami.sync.requested.v1', provider, binding, about, {}, {})] : [] };
}

interface End {
  readonly account: string;
  readonly other: string;
}

/** Relations and permissions boundaries count only while their other end is wanted at the target: where that changed, the owners are looked at again, but for those that a trigger holds. */
async function wakeOwners(client: PoolClient, db: EngineDatabase, ends: readonly End[], { appeared, now }: Reason): Promise<Set<string>> {
  if (ends.length + appeared.length === 0) return new Set();
  const { rows } = await client.query<{ account: string }>(
    `UPDATE ${db.table('bindings')} b SET due_at = $3, lane = CASE WHEN b.due_at IS NULL AND b.paused_by IS NULL THEN 1 ELSE b.lane END, generation = b.generation + 1, waiting_for = NULL
     FROM (SELECT owner, other FROM ${db.table('relations')} WHERE other = ANY($2::text[] || $4::text[])
       UNION ALL SELECT id, document->>'permissionsBoundary' FROM ${db.table('resources')} WHERE document->>'permissionsBoundary' = ANY($2::text[] || $4::text[])) r
     WHERE b.resource = r.owner AND b.wanted AND NOT b.deleted AND NOT b.held
       AND ((b.account, r.other) IN (SELECT * FROM unnest($1::text[], $2::text[])) OR r.other = ANY($4))
     RETURNING b.account`,
    [ends.map(({ account }) => account), ends.map(({ other }) => other), now, appeared]);
  return new Set(rows.map(({ account }) => account));
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
