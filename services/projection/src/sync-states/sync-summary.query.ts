import { Inject, Injectable } from '@nestjs/common';
import { syncErrorCodeSchema, syncStateNameSchema } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { keptFor, scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { Lag } from '../position/lag';
import { READER, SCHEMA } from '../ports';
import { quantile } from './settle-buckets';

export const summaryQuerySchema = z.strictObject({ tenant: tenantFilter });

export const syncSummarySchema = z.object({
  counts: z.array(z.object({ provider: z.string(), account: z.string(), kind: z.string(), state: syncStateNameSchema, count: z.number().int() })),
  oldestPendingAt: z.iso.datetime().optional().describe('Since when the oldest binding waits for an engine; those that a trigger holds are left out.'),
  lagSeconds: z.number(),
  errors: z.array(z.object({ code: syncErrorCodeSchema, count: z.number().int() })),
  settleSeconds: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).describe('From the change to Synced, over the last 7 days; 0 where nothing settled.'),
}).meta({ id: 'SyncSummary' });
export type SyncSummary = z.infer<typeof syncSummarySchema>;

const DAY_MS = 86_400_000;
const DAYS = 7;

@Injectable()
export class SyncSummaryQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly lag: Lag) {}

  async summary(scope: string): Promise<SyncSummary> {
    const [counts, errors, oldest, settled] = await Promise.all([this.counts(scope), this.errors(scope), this.oldestPending(scope), this.settled(scope)]);
    return {
      counts, ...(oldest === undefined ? {} : { oldestPendingAt: oldest }), lagSeconds: this.lag.seconds(), errors,
      settleSeconds: { p50: quantile(settled, 0.5), p95: quantile(settled, 0.95), p99: quantile(settled, 0.99) },
    };
  }

  /** Kept counters: as many rows are read as there are targets, kinds and states. */
  async counts(scope: string, zeros = false): Promise<SyncSummary['counts']> {
    const where = keptFor(new Where(), scope, 's');
    const { rows } = await this.reader.query<SyncSummary['counts'][number]>(
      `SELECT s.provider, s.account, s.kind, s.state, sum(s.count)::bigint AS count FROM ${this.schema}.sync_summary s WHERE ${where.sql}
       GROUP BY 1, 2, 3, 4 ${zeros ? '' : 'HAVING sum(s.count) <> 0'} ORDER BY 1, 2, 3, 4`, where.values);
    return rows;
  }

  /** RFC 3339; undefined where nothing waits. */
  async oldestPending(scope: string): Promise<string | undefined> {
    const where = scopedTo(new Where(), scope, 's');
    const { rows: [row] } = await this.reader.query<{ oldest: string | null }>(
      `SELECT min(s.updated_at) AS oldest FROM ${this.schema}.sync_states s WHERE s.state = 'Pending' AND NOT s.held AND ${where.sql}`, where.values);
    return row?.oldest ?? undefined;
  }

  private async errors(scope: string): Promise<SyncSummary['errors']> {
    const where = keptFor(new Where(), scope, 's');
    const { rows } = await this.reader.query<SyncSummary['errors'][number]>(
      `SELECT s.code, sum(s.count)::bigint AS count FROM ${this.schema}.sync_summary s WHERE s.code <> '' AND ${where.sql}
       GROUP BY 1 HAVING sum(s.count) <> 0 ORDER BY 2 DESC, 1`, where.values);
    return rows;
  }

  private async settled(scope: string): Promise<{ bucket: number; count: number }[]> {
    const where = new Where().equals('s.tenant', scope);
    const since = where.value(new Date(Date.now() - DAYS * DAY_MS).toISOString().slice(0, 10));
    const { rows } = await this.reader.query<{ bucket: number; count: number }>(
      `SELECT s.bucket, sum(s.count)::bigint AS count FROM ${this.schema}.sync_settled s WHERE s.day >= ${since} AND ${where.sql} GROUP BY 1`, where.values);
    return rows;
  }
}
