import { pauseHolding, type StandingPause } from '@wami/domain';
import { prepared, together } from '@wami/event-store';
import { BOUNDARY } from '@wami/provider-port';
import { LANES, operationOf, type Binding, type Lane } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import { layAside } from '../pauses/lay-aside';
import { askGuard } from '../guard/ask-guard';
import type { PauseBook } from '../pauses/pause-book';
import { holdPauses } from '../pauses/standing-pauses';
import { boundaryOf } from '../reconcile/boundary';
import { triedParts } from '../reconcile/parts';
import { open, type NoConnection } from '../reconcile/open';
import type { Pass, Scene } from '../reconcile/pass';
import { TargetLost } from '../reconcile/caller';
import type { Work } from '../reconcile/work';
import type { Seams } from '../seams';
import { wakePaused } from '../record/wake';
import { heldBack, holdBack } from '../triggers/hold-back';
import { stillOwned, type Lease } from './lease';
import { loadWork } from './load-work';
import type { NameGoing } from './names-going';
import { pick } from './pick';
import { whileOwned } from './while-owned';

export interface ClaimRequest {
  readonly owner: string;
  readonly lease: Lease;
  readonly limit: number;
  /** Resources that are not to be claimed: their outcome may be on record without anybody here having heard of it. */
  readonly inHand: readonly string[];
  /** So many of lane 1 go before lane 0. */
  readonly shareOfLane1: number;
  readonly lanes: readonly Lane[];
  /** The tenant that was served last. */
  readonly after: string;
  readonly sceneFor: (tenant: string) => Scene | NoConnection;
  readonly seams: Seams;
  readonly pauses: PauseBook;
}

export interface Claimed {
  readonly works: readonly Work[];
  /** Due ones that a pause, a trigger or the guard holds: they were laid aside. */
  readonly aside: number;
}

/**
 * Takes the next due bindings of a target in hand; those that may not go now are laid aside. That an attempt begins is on disk, for all of
 * them in one transaction, before the first call is made. @throws TargetLost
 */
export async function claim(db: EngineDatabase, request: ClaimRequest): Promise<Claimed> {
  const { seams, owner, lease, pauses: book } = request;
  await seams.reached?.('before-started');
  const claimed = await db.transaction(async (client) => {
    const [owned, pauses, bindings] = await together([stillOwned(client, db, owner, [lease]), holdPauses(client, db), pick(client, db, { ...request, account: lease.account, now: seams.clock.now() })]);
    if (!owned.has(lease.account)) throw new TargetLost();
    book.replace(pauses);
    if (bindings.length === 0) return { aside: 0, works: [] };
    const loaded = await loadWork(client, db, lease.account, bindings);
    const held = heldUp(db.provider, loaded, pauses, seams.clock.now());
    const { works, aside, appends } = await askGuard(client, db, loaded.filter((work) => !held.has(work)), { account: lease.account, sceneFor: request.sceneFor, seams });
    const changes = works.map((work) => started(db.provider, work, request));
    await db.write(client, [...changes, ...held.values(), ...aside], appends);
    const turned = pauseTurned(held, works);
    if (turned.length > 0) await wakePaused(client, db, turned, seams.clock.now());
    return {
      aside: held.size + aside.length,
      works: works.map((work, i) => ({ ...work, triedBefore: work.binding.tried, binding: { ...work.binding, tried: changes[i]?.binding.tried ?? {}, triedEnds: changes[i]?.binding.triedEnds ?? {} } })),
    };
  });
  await seams.reached?.('after-started');
  return claimed;
}

/** Those of the due ones that a pause or a trigger holds, each as it is laid aside. Pure. */
export function heldUp(provider: string, works: readonly Work[], pauses: readonly StandingPause[], now: number): Map<Work, BindingChange> {
  return new Map(works.flatMap((work) => {
    const { binding, resource } = work;
    const by = pauseHolding(pauses, { ...binding, provider }, now);
    if (by) return [[work, layAside(provider, binding, resource, by)] as const];
    const reason = heldBack(work);
    return reason === undefined ? [] : [[work, holdBack(provider, work, reason)] as const];
  }));
}

/** Those that a pause holds from now on, and those that one held until now. Pure. */
export function pauseTurned(held: ReadonlyMap<Work, BindingChange>, claimed: readonly Work[]): Binding[] {
  return [
    ...[...held].flatMap(([{ binding: { pausedBy } }, after]) => (pausedBy === null && after.binding.pausedBy !== null ? [after.binding] : [])),
    ...claimed.flatMap(({ binding }) => (binding.pausedBy === null ? [] : [binding])),
  ];
}

/** Comparing alone, where nothing is known to differ, is no attempt, with what is remembered or with an approved plan; that it was asked for stays on record until it is answered, so a crash looks again. */
export function started(provider: string, work: Work, { sceneFor, seams }: Pick<ClaimRequest, 'sceneFor' | 'seams'>): BindingChange {
  const { binding, resource } = work;
  const opening = opened(work, sceneFor(binding.tenant));
  const checking = binding.plan !== null && !binding.plan.checked;
  const claimed = { ...binding, claimed: true, pausedBy: null, guardedBy: null, traces: [], ...(opening && 'pass' in opening && !checking ? { tried: triedNames(opening.pass, seams.clock.now()), askedAgain: askedAgain(opening.pass, seams.clock.now()), triedEnds: triedEnds(opening.pass) } : {}) };
  const comparing = binding.plan === null && binding.verifySince !== null && !binding.deleted && binding.presence !== null && opening && 'pass' in opening && (opening.pass.changes === undefined || work.config.direction !== 'push');
  if (opening === undefined || 'outcome' in opening || checking || comparing) return { binding: claimed, events: [], meta: binding.cause };
  const about = { intent: binding.intent, version: resource.version, operation: operationOf(binding), jobs: binding.jobs };
  const event = bindingEvent('wami.sync.started.v1', provider, binding, about, { attempt: binding.retryCount + 1 }, {});
  return { binding: { ...claimed, unfinished: true, state: 'Syncing' }, events: [event], meta: binding.cause };
}

/** Undefined where an adapter cannot say what is wanted in its own words: the pass meets that again, and makes it the trouble of this binding alone. */
function opened(work: Work, scene: Parameters<typeof open>[1]): ReturnType<typeof open> | undefined {
  try {
    return open(work, scene);
  } catch {
    return undefined;
  }
}

/** What is only looked at or taken away gets no new name. */
function triedNames({ work: { binding: { tried, deleted, presence } }, wanted: { desired: { name } } }: Pass, now: number): Binding['tried'] {
  return deleted || presence?.name === name ? tried : { ...tried, [name]: now };
}

/** A name that it has on record or was asked for before may be asked for once more; where this process dies nobody hears whether it was. */
function askedAgain({ work: { binding: { tried, askedAgain: before, deleted, presence } }, wanted: { desired: { name } } }: Pass, now: number): Binding['askedAgain'] {
  return !deleted && (presence?.name === name || name in tried) ? { ...before, [name]: now } : before;
}

function triedEnds({ work: { binding, resource }, wanted }: Pass): Binding['triedEnds'] {
  const boundary = boundaryOf(resource);
  const ends: Readonly<Record<string, readonly string[]>> = {
    ...wanted.facets, ...(boundary === undefined || binding.deleted ? {} : { [BOUNDARY]: [boundary] }), ...(binding.deleted ? {} : triedParts(wanted.fields)),
  };
  const facets = [...new Set([...Object.keys(binding.triedEnds), ...Object.keys(ends)])];
  return Object.fromEntries(facets.map((facet) => [facet, [...new Set([...(binding.triedEnds[facet] ?? []), ...(ends[facet] ?? [])])]]));
}

/** Puts claims back that no call was made for. */
export async function unclaim(db: EngineDatabase, owner: string, lease: Lease, works: readonly Work[]): Promise<void> {
  if (works.length > 0) await whileOwned({ db, owner, lease }, (client) => client.query(
    `UPDATE ${db.bindings.name} b SET claimed = false, unfinished = c.lost, tried = CASE WHEN c.lost THEN b.tried ELSE '{}' END,
       tried_ends = CASE WHEN c.lost OR b.look_at IS NOT NULL THEN b.tried_ends ELSE '{}' END, asked_again = c.asked_again
     FROM unnest($1::text[], $2::text[], $3::boolean[], $4::jsonb[]) AS c (account, resource, lost, asked_again)
     WHERE b.account = c.account AND b.resource = c.resource AND b.claimed`,
    [works.map(({ binding }) => binding.account), works.map(({ binding }) => binding.resource), works.map(({ lost }) => lost), works.map(({ binding }) => JSON.stringify(binding.askedAgain))]));
}

/**
 * What a former owner had in hand is due again, and what this one claimed without hearing of it; attempts that were begun are marked, so they
 * are looked at first. `inHand`: resources that this owner does have. Resolves with the names by which a call may have been sent that
 * nobody here heard of.
 */
export function recover(db: EngineDatabase, owner: string, lease: Lease, now: number, sightMs: number, inHand: readonly string[]): Promise<NameGoing[]> {
  const names = `SELECT jsonb_object_keys(tried) AS name UNION SELECT presence->>'name' WHERE presence IS NOT NULL
    UNION SELECT document->'adopts'->>'name' FROM ${db.table('resources')} WHERE id = resource AND presence IS NULL AND document->'adopts'->>'account' = account`;
  return whileOwned({ db, owner, lease }, async (client) => {
    await client.query(
      `UPDATE ${db.bindings.name} SET claimed = false, name_certain = false, due_at = coalesce(due_at, $2),
         deletion_sent = CASE WHEN deleted THEN deletion_sent || (SELECT coalesce(jsonb_object_agg(name, $2::bigint), '{}') FROM (${names}) AS n) ELSE deletion_sent END,
         called = CASE WHEN deleted THEN called ELSE called || (SELECT coalesce(jsonb_object_agg(name, $2::bigint), '{}') FROM (${names}) AS n) END
       WHERE account = $1 AND claimed AND resource <> ALL($3)`, [lease.account, now, inHand]);
    const { rows } = await client.query<Omit<NameGoing, 'by'> & { by: string | null }>(prepared(
      `SELECT kind, key AS name, value::float8 AS at, NULL AS by FROM ${db.bindings.name}, jsonb_each_text(deletion_sent) WHERE account = $1 AND deletion_sent <> '{}' AND value::float8 > $2
       UNION ALL SELECT kind, key, value::float8, resource FROM ${db.bindings.name}, jsonb_each_text(called) WHERE account = $1 AND called <> '{}' AND value::float8 > $2`, [lease.account, now - sightMs]));
    return rows.map(({ by, ...name }) => ({ ...name, ...(by === null ? {} : { by }) }));
  });
}

/** When the next binding of the target becomes due; undefined where none will by itself. */
export async function nextDueAt(db: EngineDatabase, account: string): Promise<number | undefined> {
  const { rows: [row] } = await db.pool.query<{ next: string | null }>(prepared(`SELECT least(${LANES.map((lane) => `(SELECT due_at FROM ${db.bindings.name} WHERE account = $1 AND lane = ${lane} AND due_at IS NOT NULL AND NOT claimed ORDER BY due_at LIMIT 1)`).join(', ')}) AS next`, [account]));
  return row?.next == null ? undefined : Number(row.next);
}
