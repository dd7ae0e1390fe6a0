import type { RecordedEvent } from '@wami/contracts';
import { partField, PARTS } from '@wami/provider-port';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { kindOfEvent, relationChange } from '../kinds';
import { handPace } from './hand-pace';
import { partTake, relationTake, THING } from './takes';

/** So long what a person named may be carried out, whatever the budget is. */
const PERMIT_MS = 7 * 24 * 60 * 60 * 1000;

interface Named {
  readonly resource: string;
  readonly take: string;
  readonly actor: string;
  readonly at: number;
}

/**
 * What somebody took away by naming it alone, at the pace of a hand, is permitted: it is not held by the budget, but counts. By the times of
 * the events, so that it makes no difference when they are read.
 */
export async function noteHands(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<void> {
  const named = events.filter(({ meta }) => meta.single).flatMap(namedIn);
  if (named.length === 0) return;
  const { rows } = await client.query<{ actor: string; until: string }>(`SELECT actor, until FROM ${db.table('removal_hands')} WHERE actor = ANY($1)`, [named.map(({ actor }) => actor)]);
  const hands = new Map(rows.map(({ actor, until }) => [actor, Number(until)]));
  const permitted = named.filter(({ actor, at }) => {
    const next = handPace(hands.get(actor) ?? 0, at);
    if (next !== undefined) hands.set(actor, next);
    return next !== undefined;
  });
  await client.query(`INSERT INTO ${db.table('removal_hands')} (actor, until) SELECT * FROM unnest($1::text[], $2::bigint[])
    ON CONFLICT (actor) DO UPDATE SET until = excluded.until`, [[...hands.keys()], [...hands.values()]]);
  await client.query(`INSERT INTO ${db.table('removal_permits')} (resource, take, account, until) SELECT DISTINCT ON (resource, take) resource, take, '', until
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS p (resource, take, until) ORDER BY resource, take, until DESC
    ON CONFLICT (resource, take, account) DO UPDATE SET until = excluded.until`,
  [permitted.map(({ resource }) => resource), permitted.map(({ take }) => take), permitted.map(({ at }) => at + PERMIT_MS)]);
}

function namedIn(event: RecordedEvent): Named[] {
  const by = { actor: event.meta.actor, at: Date.parse(event.time) };
  if (PARTS_CHANGED.test(event.type)) return partsGone(event).map((field) => ({ resource: event.stream, take: partTake(field), ...by }));
  const relation = relationChange(event);
  if (relation) return relation.present ? [] : [{ resource: relation.owner, take: relationTake(relation.facet, relation.other), ...by }];
  return kindOfEvent(event) && event.type.endsWith('.deleted.v1') ? [{ resource: event.stream, take: THING, ...by }] : [];
}

const PARTS_CHANGED = /\.(inline-policies|federation)-changed\.v1$/;

/** Fields of the parts that it takes away. */
function partsGone({ personal }: RecordedEvent): string[] {
  const changes = personal as { readonly [part in (typeof PARTS)[number]]?: Readonly<Record<string, object | null>> };
  return PARTS.flatMap((part) => Object.entries(changes[part] ?? {}).filter(([, left]) => left === null).map(([name]) => partField(part, name)));
}
