import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetter, DeadLetterEvent, RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { Where } from '../http/where';
import { POOL, SCHEMA } from '../ports';

export const deadLettersQuerySchema = z.strictObject({
  tenant: tenantFilter, consumer: filterText(64, 1).optional().describe('`projection`, or a sync service such as `sync-aws`.'), resource: filterText(512, 1).optional(), type: filterText(128, 1).optional(),
  skipped: z.enum(['true', 'false']).default('false').describe('Those that were left out for good instead.'), ...pagingSchema,
});
export type DeadLettersQuery = z.infer<typeof deadLettersQuerySchema>;

interface Row {
  readonly number: number;
  readonly id: string;
  readonly consumer: string;
  readonly event: string;
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
type Content = Pick<RecordedEvent, 'stream' | 'version' | 'time' | 'data'>;

/** Events that the projection could not take in, what sync services told of theirs, and those behind them. */
@Injectable()
export class DeadLettersQueries {
  constructor(@Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string) {}

  async list(query: DeadLettersQuery): Promise<Page<DeadLetter>> {
    const { tenant, consumer, resource, type, skipped, limit, cursor } = query;
    const after = readCursor(query, cursor, 2);
    const where = new Where().and(`skipped_at IS ${skipped === 'true' ? 'NOT NULL' : 'NULL'}`).equals('consumer', consumer).equals('key', resource).equals('type', type);
    if (tenant !== undefined) where.begins(`(tenant || '/')`, `${tenant}/`);
    if (after) where.and(`(consumer, number) > (${where.value(after[0])}, ${where.value(after[1])}::bigint)`);
    const { rows } = await this.pool.query<Row>(`SELECT * FROM ${this.letters('l')} WHERE ${where.sql} ORDER BY consumer, number LIMIT ${where.value(limit + 1)}`, where.values);
    return pageOf(rows, query, toItem, (row) => [row.consumer, String(row.number)]);
  }

  async find(id: string): Promise<DeadLetterEvent | undefined> {
    const { rows: [row] } = await this.pool.query<Row & { readonly behind: number }>(
      `SELECT l.*, (SELECT count(*) FROM ${this.letters('b')} WHERE b.consumer = l.consumer AND b.source = l.source AND b.key = l.key AND b.number > l.number AND b.skipped_at IS NULL) AS behind
       FROM ${this.letters('l')} WHERE l.id = $1`, [id]);
    return row && { ...toItem(row), ...await this.content(row.event), behind: row.behind };
  }

  /** What the projection has of the event, taken in or parked. Nothing where its copy was never told, as of one that this transport alone could not read. */
  private async content(event: string): Promise<Omit<DeadLetterEvent, keyof DeadLetter | 'behind'>> {
    const { rows: [found] } = await this.pool.query<Content>(
      `SELECT stream, version, time, data FROM ${this.schema}.events WHERE id = $1
       UNION ALL SELECT event->>'stream', (event->>'version')::int, event->>'time', event->'data' FROM ${this.schema}.parked WHERE id = $1 LIMIT 1`, [event]);
    const { stream, version, time, data } = found ?? { stream: '', version: 0, time: '', data: {} };
    return { stream, version, time, data: data as Record<string, unknown> };
  }

  private letters(name: string): string {
    const { schema } = this;
    return `(SELECT 'projection' COLLATE "C" AS consumer, p.id, p.id AS event, p.number, p.source, p.key, p.type, p.tenant, p.reason, p.attempts, p.parked_at, p.tried_at, p.skipped_at, p.skipped_by, p.skip_reason,
        EXISTS (SELECT 1 FROM ${schema}.parked e WHERE e.source = p.source AND e.key = p.key AND e.number < p.number AND e.skipped_at IS NULL) AS waiting
      FROM ${schema}.parked p
      UNION ALL SELECT d.consumer, d.id, d.event, d.number, 'identity', d.key, d.type, d.of_tenant, d.reason, d.attempts, d.parked_at::timestamptz, d.tried_at::timestamptz, d.skipped_at::timestamptz, d.skipped_by, d.skip_reason,
        EXISTS (SELECT 1 FROM ${schema}.dead_letters e WHERE e.consumer = d.consumer AND e.key = d.key AND e.number < d.number AND e.state = 'parked')
      FROM ${schema}.dead_letters d WHERE d.state IS NOT NULL) ${name}`;
  }
}

function toItem({ id, consumer, event, source, type, tenant, key, reason, waiting, attempts, parked_at, tried_at, skipped_at, skipped_by, skip_reason }: Row): DeadLetter {
  return {
    id, consumer, event, source, type, tenant, resource: key, reason, waiting, attempts, parkedAt: parked_at.toISOString(), triedAt: tried_at.toISOString(),
    ...(skipped_at === null ? {} : { skipped: { at: skipped_at.toISOString(), by: skipped_by ?? '', reason: skip_reason ?? '' } }),
  };
}
