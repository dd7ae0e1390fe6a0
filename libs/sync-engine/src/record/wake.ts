import { prepared } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import { MAY_GO } from '../bindings/may-go';
import { nameInMotion } from '../bindings/name-in-motion';
import { isNameOnRecordTwice } from '../bindings/names-on-record-twice';
import { isLeftOut, isLeftOutSql, rests, restsSql } from '../bindings/rests';
import type { EngineDatabase } from '../database/engine-database';
import { isOtherEnd, isOwner } from '../kinds';
import { awaitedKey, awaitedOf, nameAwaited, nameAwaitedSql } from '../reconcile/outcome';
import type { Settled } from './settle';

/** Wakes who waits for one of these, who began to wait for something that has come about meanwhile, and who was related to what is not there any more, but for those that a trigger holds. Resolves with their accounts. */
export async function wakeWaiting(client: PoolClient, db: EngineDatabase, settled: readonly Settled[], now: number): Promise<Set<string>> {
  const rested = settled.map(({ binding }) => binding);
  const waiting = settled.filter(({ binding: { waitingFor } }) => waitingFor !== null);
  return new Set([
    ...(await wake(client, db, settled.flatMap((one) => keysOf(one).map((key) => ({ account: one.binding.account, ...key }))), now, settled.flatMap(({ appeared, binding }) => (appeared && isOtherEnd(binding.kind) ? [binding] : [])))),
    ...(await wake(client, db, await closedCircles(client, db, rested.filter(({ waitingFor }) => nameAwaited(waitingFor) !== undefined)), now)),
    ...(waiting.length > 0 ? await wakeLate(client, db, waiting, now) : []),
    ...(await wake(client, db, await namedByNow(client, db, rested, waiting.map(({ binding }) => binding)), now)),
    ...(await compareOwners(client, db, settled.flatMap(({ replaced, binding }) => (replaced && isOtherEnd(binding.kind) ? [binding] : [])), now)),
  ]);
}

const RESTS_UNHELD = `(b.due_at IS NULL AND NOT b.claimed AND b.paused_by IS NULL AND b.guarded_by IS NULL AND b.state IN ('Synced', 'Skipped', 'Pending'))`;

/** What is on record of their relations to these is not true any more. Who is to be tried again later, or is held, is compared when that comes. */
async function compareOwners(client: PoolClient, db: EngineDatabase, ends: readonly Binding[], now: number): Promise<string[]> {
  if (ends.length === 0) return [];
  const { rows } = await client.query<{ account: string }>(prepared(
    `UPDATE ${db.bindings.name} b SET verify_since = $3, generation = generation + 1, due_at = CASE WHEN ${RESTS_UNHELD} THEN $3 ELSE b.due_at END,
       waiting_for = CASE WHEN ${RESTS_UNHELD} THEN NULL ELSE b.waiting_for END, lane = CASE WHEN ${RESTS_UNHELD} THEN 1 ELSE b.lane END
     WHERE (b.account, b.resource) IN (SELECT e.account, r.owner FROM unnest($1::text[], $2::text[]) AS e (account, id) CROSS JOIN LATERAL (SELECT owner FROM ${db.table('relations')} WHERE other = e.id OFFSET 0) AS r)
       AND b.wanted AND NOT b.deleted AND b.presence IS NOT NULL AND ${MAY_GO} RETURNING b.account`,
    [ends.map(({ account }) => account), ends.map(({ resource }) => resource), now]));
  return rows.map(({ account }) => account);
}

/** All that may be waited for and is true of the binding now; where it rests without, whom somebody asked for waits in vain and is to say so. */
function keysOf({ binding, leftName }: Settled): Omit<Key, 'account'>[] {
  const { resource, kind, presence, state, dueAt, pausedBy, waitingFor, unfinished } = binding;
  return [
    ...(presence !== null || state === 'Gone' ? [{ key: awaitedKey({ until: 'present', resource }) }] : []),
    ...(isOwner(kind) && !nameInMotion(binding) ? [{ key: awaitedKey({ until: 'named', resource }) }] : []),
    ...(leftName ? [{ key: awaitedKey({ until: 'gone', resource }) }] : []),
    ...(dueAt === null && pausedBy === null && (nameAwaited(waitingFor) === undefined || state === 'Failed') ? [{ key: awaitedKey({ until: 'settled', resource }) }] : []),
    ...(pausedBy === null ? [] : aboutPause(resource).map((key) => ({ key }))),
    ...(rests(binding) && pausedBy === null && state !== 'Gone' && (presence === null || unfinished) ? [{ key: awaitedKey({ until: presence === null ? 'present' : 'named', resource }), asked: true, leftOut: isLeftOut(binding) }] : []),
  ];
}

/** Who waits for it, whatever for, is to say that a pause holds it, or that none does any more. */
export function wakePaused(client: PoolClient, db: EngineDatabase, turned: readonly Pick<Binding, 'account' | 'resource'>[], now: number): Promise<string[]> {
  return wake(client, db, turned.flatMap(({ account, resource }) => aboutPause(resource).map((key) => ({ account, key }))), now);
}

/** Keys of those who say so. */
export function aboutPause(resource: string): string[] {
  return (['present', 'settled', 'named'] as const).map((until) => awaitedKey({ until, resource }));
}

interface Key {
  readonly account: string;
  readonly key: string;
  /** Only those that a job asked for; where it is left out for good, and those that do not go without it yet. */
  readonly asked?: boolean;
  readonly leftOut?: boolean;
}

/** Who waits for one of these, and who waits for another end beside one that has appeared. */
async function wake(client: PoolClient, db: EngineDatabase, keys: readonly Key[], now: number, appeared: readonly Binding[] = []): Promise<string[]> {
  if (keys.length === 0) return [];
  const update = (more: string): string => `UPDATE ${db.bindings.name} b SET due_at = $4, generation = generation + 1, waiting_for = NULL ${more} AND ${MAY_GO} RETURNING b.account`;
  const byKey = update(`FROM unnest($1::text[], $2::text[], $3::boolean[], $5::boolean[]) AS k (account, key, asked, left_out) WHERE b.account = k.account AND b.waiting_for = k.key AND (NOT k.asked OR b.jobs <> '[]' OR (k.left_out AND b.state <> 'Skipped'))`);
  const values = [keys.map(({ account }) => account), keys.map(({ key }) => key), keys.map(({ asked = false }) => asked), now, keys.map(({ leftOut = false }) => leftOut)];
  const { rows } = await client.query<{ account: string }>(appeared.length === 0 ? prepared(byKey, values)
    : prepared(`WITH by_key AS (${byKey}), by_end AS (${update(`WHERE ${isOwnerOf(db, '$6', '$7')}`)}) SELECT * FROM by_key UNION SELECT * FROM by_end`, [...values, appeared.map(({ account }) => account), appeared.map(({ resource }) => resource)]));
  return rows.map(({ account }) => account);
}

/** Of a binding `b`: it waits for an end, and is related to one of these. Found from their side, each by itself: they are few, and most have few owners. */
function isOwnerOf(db: EngineDatabase, accounts: string, ends: string): string {
  return `b.waiting_for LIKE 'present:%' AND b.account = ANY(${accounts}::text[]) AND b.resource = ANY(ARRAY(
    SELECT r.owner FROM unnest(${ends}::text[]) AS e (id) CROSS JOIN LATERAL (SELECT owner FROM ${db.table('relations')} WHERE other = e.id OFFSET 0) AS r))`;
}

const LONGEST_CIRCLE = 100;

/**
 * What rests because it waits for a name itself has not come to rest, unless it failed; but of those who wait for each other in a circle, the last to begin
 * wakes the one before, who sees it. Not before: while one of them is in hand the others would wake each other for ever.
 */
async function closedCircles(client: PoolClient, db: EngineDatabase, waiting: readonly Binding[]): Promise<Key[]> {
  if (waiting.length === 0) return [];
  const next = nameAwaitedSql('b.waiting_for');
  const { rows } = await client.query<{ account: string; resource: string }>(prepared(
    `WITH RECURSIVE chain AS (
      SELECT b.account, b.resource AS first, ${next} AS next, 1 AS links FROM ${db.bindings.name} b WHERE (b.account, b.resource) IN (SELECT * FROM unnest($1::text[], $2::text[]))
      UNION ALL
      SELECT c.account, c.first, ${next}, c.links + 1 FROM chain c JOIN ${db.bindings.name} b ON b.account = c.account AND b.resource = c.next WHERE c.next <> c.first AND c.links < ${LONGEST_CIRCLE})
    SELECT account, first AS resource FROM chain WHERE next = first ORDER BY account, first`, [waiting.map(({ account }) => account), waiting.map(({ resource }) => resource)]));
  return rows.flatMap(({ account, resource }) => (['settled', 'gone'] as const).map((until) => ({ account, key: awaitedKey({ until, resource }) })));
}

/** Who began to wait for something that had come about before. */
async function wakeLate(client: PoolClient, db: EngineDatabase, waiting: readonly Settled[], now: number): Promise<string[]> {
  const { rows } = await client.query<{ account: string }>(
    `UPDATE ${db.bindings.name} b SET due_at = $4, generation = b.generation + 1, waiting_for = NULL
     FROM unnest($1::text[], $2::text[], $3::text[], $5::boolean[], $6::boolean[], $7::boolean[]) AS w (account, resource, lacks, told, aside, told_paused), ${db.bindings.name} d
     WHERE b.account = w.account AND b.resource = w.resource AND ${MAY_GO} AND d.account = b.account
       AND d.resource = substr(b.waiting_for, strpos(b.waiting_for, ':') + 1)
       AND ((d.paused_by IS NOT NULL) <> w.told_paused OR (b.waiting_for LIKE 'present:%' AND d.wanted AND NOT d.deleted AND (d.presence IS NOT NULL OR (${restsSql('d')} AND b.jobs <> '[]' AND NOT w.told) OR (${isLeftOutSql('d')} AND b.state <> 'Skipped')))
         OR (b.waiting_for LIKE 'gone:%' AND (d.state = 'Gone' OR d.presence->>'name' <> w.lacks))
         OR (b.waiting_for LIKE 'settled:%' AND d.due_at IS NULL AND d.paused_by IS NULL AND NOT d.claimed
           AND (${nameAwaitedSql('d.waiting_for')} IS NULL OR (d.state = 'Failed' AND NOT w.aside)))) RETURNING b.account`,
    [waiting.map(({ binding: { account } }) => account), waiting.map(({ binding: { resource } }) => resource), waiting.map(({ lacksName }) => lacksName ?? null), now, waiting.map(({ inVain = false }) => inVain), waiting.map(({ leftName = false }) => leftName), waiting.map(({ toldPaused }) => toldPaused ?? null)]);
  return rows.map(({ account }) => account);
}

type Named = Pick<Binding, 'account' | 'resource' | 'presence' | 'deleted' | 'tried' | 'claimed' | 'unfinished' | 'nameCertain'> & { readonly twice: boolean };

/** Of the names that are waited for those that are certain. Whose name it is may become certain by what became of another. */
async function namedByNow(client: PoolClient, db: EngineDatabase, rested: readonly Binding[], waiting: readonly Binding[]): Promise<Key[]> {
  const accounts = [...new Set(rested.filter(({ kind }) => isOtherEnd(kind)).map(({ account }) => account))];
  const ends = waiting.flatMap(({ account, waitingFor }) => {
    const awaited = awaitedOf(waitingFor ?? '');
    return awaited.until === 'named' ? [{ account, resource: awaited.resource }] : [];
  });
  if (accounts.length + ends.length === 0) return [];
  const { rows } = await client.query<Named>(prepared(`SELECT b.account, b.resource, b.presence, b.deleted, b.tried, b.claimed, b.unfinished, b.name_certain AS "nameCertain",
      ${isNameOnRecordTwice(db.bindings.name)} AS twice FROM ${db.bindings.name} b
    WHERE (b.account, b.resource) IN (SELECT account, substr(waiting_for, 7) FROM ${db.bindings.name} WHERE account = ANY($1) AND waiting_for LIKE 'named:%'
      UNION SELECT * FROM unnest($2::text[], $3::text[]))`, [accounts, ends.map(({ account }) => account), ends.map(({ resource }) => resource)]));
  return rows.filter((end) => !nameInMotion(end) && !end.twice).map(({ account, resource }) => ({ account, key: awaitedKey({ until: 'named', resource }) }));
}
