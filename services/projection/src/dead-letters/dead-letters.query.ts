import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetter, DeadLetterEvent, RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readNumber, type Page } from '../http/paging';
import { Where } from '../http/where';
import { POOL, SCHEMA } from '../ports';

export const deadLettersQuerySchema = z.strictObject({
  tenant: tenantFilter, resource: filterText(512, 1).optional(), type: filterText(128, 1).optional(),
  skipped: z.enum(['true', 'false']).default('false').describe('Those that were left out for good instead.'), ...pagingSchema,
});
export type DeadLettersQuery = z.infer<typeof deadLettersQuerySchema>;

interface Row {
  readonly number: number;
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly type: string;
  readonly tenant: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parked_at: Date;
  readonly tried_at: Date;
  readonly skipped_at: Date | null;
  readonly skipped_by: string | null;
  readonly skip_reason: string | null;
  readonly waiting: boolean;
}
type EventRow = Row & { readonly event: RecordedEvent; readonly behind: number };

const CONSUMER = 'projection';
const COLUMNS = 'p.number, p.id, p.source, p.key, p.type, p.tenant, p.reason, p.attempts, p.parked_at, p.tried_at, p.skipped_at, p.skipped_by, p.skip_reason';

/** Events that the projection could not take in, and those behind them. */
@Injectable()
export class DeadLettersQueries {
  constructor(@Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string) {}

  async list(query: DeadLettersQuery): Promise<Page<DeadLetter>> {
    const { tenant, resource, type, skipped, limit, cursor } = query;
    const after = readNumber(query, cursor) ?? 0;
    const where = new Where().and(`p.skipped_at IS ${skipped === 'true' ? 'NOT NULL' : 'NULL'}`).equals('p.key', resource).equals('p.type', type);
    if (tenant !== undefined) where.begins(`(p.tenant || '/')`, `${tenant}/`);
    where.and(`p.number > ${where.value(after)}`);
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS}, ${this.waiting()} FROM ${this.schema}.parked p WHERE ${where.sql} ORDER BY p.number LIMIT ${where.value(limit + 1)}`, where.values);
    return pageOf(rows, query, toItem, ({ number }) => [String(number)]);
  }

  async find(id: string): Promise<DeadLetterEvent | undefined> {
    const { rows: [row] } = await this.pool.query<EventRow>(
      `SELECT ${COLUMNS}, ${this.waiting()}, p.event,
         (SELECT count(*) FROM ${this.schema}.parked b WHERE b.source = p.source AND b.key = p.key AND b.number > p.number AND b.skipped_at IS NULL) AS behind
       FROM ${this.schema}.parked p WHERE p.id = $1`, [id]);
    if (!row) return undefined;
    const { event: { stream, version, time, data }, behind } = row;
    return { ...toItem(row), stream, version, time, data: data as Record<string, unknown>, behind };
  }

  private waiting(): string {
    return `EXISTS (SELECT 1 FROM ${this.schema}.parked e WHERE e.source = p.source AND e.key = p.key AND e.number < p.number AND e.skipped_at IS NULL) AS waiting`;
  }
}

function toItem({ id, source, type, tenant, key, reason, waiting, attempts, parked_at, tried_at, skipped_at, skipped_by, skip_reason }: Row): DeadLetter {
  return {
    id, consumer: CONSUMER, source, type, tenant, resource: key, reason, waiting, attempts, parkedAt: parked_at.toISOString(), triedAt: tried_at.toISOString(),
    ...(skipped_at === null ? {} : { skipped: { at: skipped_at.toISOString(), by: skipped_by ?? '', reason: skip_reason ?? '' } }),
  };
}
