import { Inject, Injectable } from '@nestjs/common';
import { comparePositions, decodePosition, encodePosition, tenantPathSchema, toCloudEvent, type PositionVector, type WamiCloudEvent } from '@wami/contracts';
import { KeysUnavailable, PersonalData, type Reader } from '@wami/event-store';
import { ProblemError } from '@wami/platform';
import { z } from 'zod';
import { filterText } from '../http/filter-text';
import { scopedTo } from '../http/scoped-to';
import { pageOf, pagingSchema, readNumber, type Page, type Paging } from '../http/paging';
import { oneOf } from '../http/walk';
import { Where } from '../http/where';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from '../ingest/event-columns';
import type { Ingested } from '../model/read-model';
import { EVENTS, eventsPosition, seqOf } from '../position/applied';
import { PERSONAL, READER, SCHEMA } from '../ports';
import { causesFirst } from './causes-first';

const typeFilter = filterText(128, 1);

export const eventsQuerySchema = z.strictObject({
  after: z.string().max(4096).optional().describe('A position: only what was taken in after it. `now`: only what comes from here on. `-200`: the newest 200 of those that fit, and what comes from here on.'),
  type: z.union([typeFilter.transform((one) => [one]), z.array(typeFilter).max(50)]).optional().describe('Full type of an event, each of its versions by itself; several: any of them.'),
  tenant: tenantPathSchema.optional().describe('Includes its children; by default your own.'),
  resource: filterText(512, 1).optional().describe('Id of a resource: what is about it, relations and outcomes too.'),
  ...pagingSchema,
});
export type EventsQuery = z.infer<typeof eventsQuerySchema>;

export interface EventsFilter {
  readonly scope: string;
  readonly types?: readonly string[];
  readonly resource?: string;
}

/** What a reader asks for, within what the caller may see. */
export const filterOf = (scope: string, { type, resource }: Pick<EventsQuery, 'type' | 'resource'>): EventsFilter =>
  ({ scope, ...(type ? { types: type } : {}), ...(resource === undefined ? {} : { resource }) });

export const historyQuerySchema = z.strictObject(pagingSchema);

/** The position that a reader of the events goes on from. */
export const sealed = (seq: number): string => encodePosition(eventsPosition(seq));

export const toItem = (event: Ingested): WamiCloudEvent => toCloudEvent(event, sealed(event.seq));

@Injectable()
export class EventsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, @Inject(PERSONAL) private readonly personal: PersonalData) {}

  /** Number of the newest event that was taken in. */
  async head(): Promise<number> {
    const { rows: [head] } = await this.reader.query<{ seq: number }>(`SELECT seq FROM ${this.schema}.ingest`);
    return head?.seq ?? 0;
  }

  /** Events after `after` in the order in which they were taken in, at most `limit`. */
  async after(filter: EventsFilter, after: number, upto: number, limit: number): Promise<Ingested[]> {
    const { rows } = await this.reader.query<EventRow>(...eventsInOrder(this.schema, EVENT_COLUMNS, filter, { after, upto, limit }));
    return this.opened(rows);
  }

  /** At most `limit` of the next events, and the number up to which nothing was left out but what the filter hides. */
  async next(filter: EventsFilter, after: number, limit: number): Promise<{ readonly events: readonly Ingested[]; readonly upto: number }> {
    const head = await this.head();
    if (head <= after) return { events: [], upto: after };
    const events = await this.after(filter, after, head, limit);
    return { events, upto: events.length < limit ? head : events.at(-1)?.seq ?? head };
  }

  async list(filter: EventsFilter, query: EventsQuery): Promise<Page<WamiCloudEvent> & { readonly position: string }> {
    const filters = { ...query, tenant: filter.scope };
    const head = await this.head();
    const after = readNumber(filters, query.cursor) ?? await this.start(query.after, filter);
    const events = await this.after(filter, after, head, query.limit + 1);
    const page = pageOf(events, filters, toItem, ({ seq }) => [String(seq)]);
    return { ...page, position: page.nextCursor === undefined ? sealed(Math.max(head, after)) : sealed(events[query.limit - 1]?.seq ?? head) };
  }

  /** Everything about one resource, oldest first: page by page as it was taken in, and on a page no event before the one that caused it. */
  async history(scope: string, resource: string, paging: Paging): Promise<Page<WamiCloudEvent>> {
    const filters = { ...paging, scope, resource };
    const after = readNumber(filters, paging.cursor) ?? 0;
    const part = (column: string): { sql: string; values: unknown[] } => {
      const where = scopedTo(new Where(), scope, 'e').equals(`e.${column}`, resource);
      where.and(`e.seq > ${where.value(after)}`);
      return { sql: `SELECT ${EVENT_COLUMNS} FROM ${this.schema}.events e WHERE ${where.sql} ORDER BY e.seq LIMIT ${where.value(paging.limit + 1)}`, values: where.values };
    };
    const pages = await Promise.all([part('key'), part('also')].map(({ sql, values }) => this.reader.query<EventRow>(sql, values)));
    const rows = pages.flatMap((page) => page.rows).sort((a, b) => a.seq - b.seq).slice(0, paging.limit + 1);
    const { items, ...page } = pageOf(await this.opened(rows), filters, toItem, ({ seq }) => [String(seq)]);
    return { items: causesFirst(items), ...page };
  }

  /**
   * The number after which a reader of what fits goes on. A `Wami-Position` of a write holds no number: then it is that of the last event at or
   * before its place, so nothing after the write is missed.
   * @throws ProblemError MalformedRequest where it is no position.
   */
  async start(after: string | undefined, filter: EventsFilter): Promise<number> {
    if (after === undefined || after === '') return 0;
    if (after === 'now') return this.head();
    const newest = NEWEST.exec(after)?.[1];
    if (newest !== undefined) return this.beforeNewest(filter, Number(newest));
    const vector = decodePosition(after);
    const seq = vector && seqOf(vector);
    if (seq !== undefined && Number.isSafeInteger(seq)) return seq;
    if (!vector || Object.keys(vector).length === 0) throw new ProblemError('MalformedRequest', { detail: 'after must be a position of an answer, now, or -1 to -1000' });
    return this.startOf(vector);
  }

  /** As whoever may read the tenant sees them: `personal` opened, and empty where the subject's key is gone. */
  async opened(rows: readonly EventRow[]): Promise<Ingested[]> {
    try {
      return [...await this.personal.open(rows.map(eventOfRow))];
    } catch (error) {
      if (error instanceof KeysUnavailable) throw new ProblemError('Unavailable', { detail: error.message, retryAfter: 1 });
      throw error;
    }
  }

  private async beforeNewest(filter: EventsFilter, count: number): Promise<number> {
    const { rows } = await this.reader.query<{ seq: number }>(...eventsInOrder(this.schema, 'e.seq', filter, { after: 0, upto: Number.MAX_SAFE_INTEGER, limit: count, newest: true }));
    return rows.length < count ? 0 : (rows.at(-1)?.seq ?? 1) - 1;
  }

  private async startOf(vector: PositionVector): Promise<number> {
    const places = Object.entries(vector).filter(([source]) => source !== EVENTS);
    const numbers = await Promise.all(places.map(async ([source, position]) => {
      const [tx, pos] = comparePositions(position, LARGEST) > 0 ? LARGEST.split('.') : position.split('.');
      const { rows: [last] } = await this.reader.query<{ seq: number }>(
        `SELECT seq FROM ${this.schema}.events WHERE source = $1 AND (tx, pos) <= ($2::bigint, $3::bigint) ORDER BY tx DESC, pos DESC LIMIT 1`, [source, tx, pos]);
      return last?.seq ?? 0;
    }));
    return Math.min(...numbers);
  }
}

/** `-1` to `-1000`. */
const NEWEST = /^-([1-9]\d{0,2}|1000)$/;

/** Events after a number and up to another, at most `limit`. */
interface Range {
  readonly after: number;
  readonly upto: number;
  readonly limit: number;
  readonly newest?: boolean;
}

/**
 * What is of several types, or is about a resource in two ways, is in order in each part: as many of each are read as are asked for. Their numbers are found in an index alone, and only
 * those that are answered are looked up. `newest`: the last first.
 */
export function eventsInOrder(schema: string, columns: string, { scope, types, resource }: EventsFilter, { after, upto, limit, newest = false }: Range): [sql: string, values: unknown[]] {
  const where = scopedTo(new Where(), scope, 'e');
  where.and(`e.seq > ${where.value(after)} AND e.seq <= ${where.value(upto)}`);
  const rest = `ORDER BY e.seq ${newest ? 'DESC' : 'ASC'} LIMIT ${where.value(limit)}`;
  const along = (fits: Readonly<Record<string, unknown>>): string => {
    const parts = Object.entries(fits).map(([column, value]) => (Array.isArray(value) ? `e.${column} = ANY(${where.value(value)}::text[])` : `e.${column} = ${where.value(value)}`));
    return `(SELECT e.seq FROM ${schema}.events e WHERE ${[where.sql, ...parts].join(' AND ')} ${rest})`;
  };
  const tree = scope === '' ? {} : { tree: scope.split('/')[0] };
  const ofTypes = types === undefined ? {} : { type: types };
  const parts = resource === undefined ? [...new Set(types ?? [undefined])].map((type) => ({ ...tree, ...(type === undefined ? {} : { type }) })) : [{ key: resource, ...ofTypes }, { also: resource, ...ofTypes }];
  return [`SELECT ${columns} FROM (SELECT e.seq AS number FROM (${parts.map(along).join(' UNION ALL ')}) e ${rest}) f
    CROSS JOIN LATERAL (${oneOf(`${schema}.events`, 'seq = f.number')}) e ORDER BY f.number ${newest ? 'DESC' : 'ASC'}`, where.values];
}

/** The greatest place that the columns hold. */
const LARGEST = '9223372036854775807.9223372036854775807';
