import { upcastEvent, withEarlierVersions } from '@wami/contracts';
import type { PersonalData } from '@wami/event-store';
import type { ClientBase, Pool } from 'pg';
import type { Ingested } from '../model/read-model';
import { EVENT_COLUMNS, eventOfArray } from './event-columns';

export type Readable = Pick<Pool | ClientBase, 'query'>;

export interface EventRange {
  readonly schema: string;
  /** Opens what is read. */
  readonly personal: PersonalData;
  readonly types: readonly string[];
  /** Number of the last event that belongs to it. */
  readonly upto: number;
  readonly size: number;
}

/** Opened, in the newest version, and with blanks where the subject's key is gone. */
async function read(db: Readable, personal: PersonalData, text: string, values: readonly unknown[]): Promise<Ingested[]> {
  const { rows } = await (db as Pool).query<unknown[]>({ text, values: [...values], rowMode: 'array' });
  return (await personal.open(rows.map(eventOfArray))).map((event) => upcastEvent(event) as Ingested);
}

/** The next events after `after` in the order in which they were taken in. */
export function eventsBySeq(db: Readable, { schema, personal, types, upto, size }: EventRange, after: number): Promise<Ingested[]> {
  return read(db, personal, `SELECT ${EVENT_COLUMNS} FROM ${schema}.events WHERE seq > $1 AND seq <= $2 AND type = ANY($3::text[]) ORDER BY seq LIMIT $4`,
    [after, upto, withEarlierVersions(types), size]);
}

/** All events of these keys and types, one key after the other, in the order in which they were taken in. */
export function eventsOfKeys(db: Readable, { schema, personal, types }: Pick<EventRange, 'schema' | 'personal' | 'types'>, keys: readonly string[]): Promise<Ingested[]> {
  return read(db, personal, `SELECT ${EVENT_COLUMNS} FROM ${schema}.events WHERE key = ANY($1::text[]) AND type = ANY($2::text[]) ORDER BY key, seq`, [keys, withEarlierVersions(types)]);
}

export interface KeyPage {
  /** All events of some keys, one key after the other. */
  readonly events: readonly Ingested[];
  readonly lastKey: string;
}

/** Pages of whole keys, in the order of the keys, from the one after `afterKey`. The next page is read while the caller works on this one. */
export async function* eventsByKey(db: Readable, range: EventRange, afterKey: string): AsyncGenerator<KeyPage> {
  let carried: Ingested[] = [];
  let next = keyPage(db, range, afterKey, Number.MAX_SAFE_INTEGER);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    const more = rows.length === range.size;
    if (last && more) next = keyPage(db, range, last.key, last.seq);
    // A caller that stops early leaves this read behind: its failure then is nobody's.
    next.catch(() => undefined);
    const all = carried.concat(rows);
    const complete = more ? all.findLastIndex(({ key }) => key !== last?.key) + 1 : all.length;
    carried = all.slice(complete);
    const events = all.slice(0, complete);
    if (events.length > 0) yield { events, lastKey: events.at(-1)?.key ?? '' };
    if (!more) return;
  }
}

function keyPage(db: Readable, { schema, personal, types, upto, size }: EventRange, key: string, seq: number): Promise<Ingested[]> {
  return read(db, personal, `SELECT ${EVENT_COLUMNS} FROM ${schema}.events e
    WHERE (e.key, e.seq) > ($1, $2::bigint) AND e.seq <= $3 AND e.type = ANY($4::text[]) ORDER BY e.key, e.seq LIMIT $5`, [key, seq, upto, withEarlierVersions(types), size]);
}

/** Types that stand in the events and that this release does not know; found by jumping from type to type in the index. */
export async function unknownTypes(db: Readable, schema: string, known: ReadonlySet<string>): Promise<readonly string[]> {
  const { rows } = await (db as Pool).query<{ type: string | null }>(
    `WITH RECURSIVE t AS (
       (SELECT type FROM ${schema}.events ORDER BY type LIMIT 1)
       UNION ALL SELECT (SELECT e.type FROM ${schema}.events e WHERE e.type > t.type ORDER BY e.type LIMIT 1) FROM t WHERE t.type IS NOT NULL
     ) SELECT type FROM t WHERE type IS NOT NULL`);
  return rows.flatMap(({ type }) => (type === null || known.has(type) ? [] : [type]));
}
