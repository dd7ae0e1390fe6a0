import { Inject, Injectable } from '@nestjs/common';
import { accountSchema, providerNameSchema, SLA_DAYS, SLA_SECONDS, SUCCESS_OBJECTIVE, type CredentialRow, type DriftReportRow, type SlaRow, type SyncHealthRow } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { keptFor, scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import { ProvidersQueries } from '../providers/providers.query';
import { quantile } from '../sync-states/settle-buckets';
import type { RestOutcome } from '../sync-states/sync-states.table';

export const reportQuerySchema = z.strictObject({ tenant: tenantFilter, provider: providerNameSchema.optional(), account: accountSchema.optional(), ...pagingSchema });
export type ReportQuery = z.infer<typeof reportQuerySchema>;

interface Drifted extends Pick<DriftReportRow, 'tenant' | 'provider' | 'account' | 'open' | 'corrected'> {
  readonly oldest: string | null;
  readonly swept_at: string | null;
  readonly next_at: string | null;
  readonly compared: number | null;
  readonly unmanaged: number | null;
}
interface TargetRests {
  readonly provider: string;
  readonly account: string;
  readonly outcome: RestOutcome;
  readonly bucket: number;
  readonly count: number;
}

const DAY_MS = 86_400_000;
const STATES = { synced: 'Synced', pending: 'Pending', syncing: 'Syncing', failed: 'Failed', skipped: 'Skipped', notConfigured: 'NotConfigured' } as const;

/** Reports on targets, each read from counters that are kept: as many rows as there are tenants, targets, kinds and days. */
@Injectable()
export class ReportQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly providers: ProvidersQueries) {}

  async syncHealth(scope: string, query: ReportQuery): Promise<Page<SyncHealthRow>> {
    const filters = { ...query, tenant: scope };
    const place = `${tenantPath('s')}, s.provider, s.account, s.kind`;
    const where = this.after(ofTarget(scopedTo(new Where(), scope, 's'), 's', query), place, readCursor(filters, query.cursor, 4)).and("s.tenant <> ''");
    const counts = Object.entries(STATES).map(([name, state]) => `coalesce(sum(s.count) FILTER (WHERE s.state = '${state}'), 0)::bigint AS "${name}"`);
    const { rows } = await this.reader.query<SyncHealthRow>(
      `SELECT min(s.tenant) AS tenant, s.provider, s.account, s.kind, sum(s.count)::bigint AS resources, ${counts.join(', ')}
       FROM ${this.schema}.sync_summary s WHERE ${where.sql} GROUP BY ${place} HAVING sum(s.count) <> 0 ORDER BY ${place} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, (row) => row, ({ tenant, provider, account, kind }) => [`${tenant}/`, provider, account, kind]);
  }

  /** What drifted, beside the last sweep of the tenant's own schedule. */
  async drift(scope: string, query: ReportQuery): Promise<Page<DriftReportRow>> {
    const filters = { ...query, tenant: scope };
    const after = readCursor(filters, query.cursor, 3);
    const where = new Where();
    const limit = where.value(query.limit + 1);
    const placeOf = (table: string): string => `${tenantPath(table)}, ${table}.provider, ${table}.account`;
    // Of both the next page: what neither has in it is on no earlier one.
    const places = (table: string, more = 'true'): string => {
      const own = this.after(ofTarget(scopedTo(new Where(where.values), scope, 'p'), 'p', query).and(more), placeOf('p'), after);
      return `(SELECT DISTINCT ${placeOf('p')}, p.tenant FROM ${this.schema}.${table} p WHERE ${own.sql} ORDER BY ${placeOf('p')} LIMIT ${limit})`;
    };
    const counted = (state: string): string => `coalesce((SELECT c.count FROM ${this.schema}.drift_counts c WHERE ${sameTarget('c')} AND c.state = '${state}'), 0)`;
    const { rows } = await this.reader.query<Drifted>(
      `SELECT x.tenant, x.provider, x.account, ${counted('open')} AS open, ${counted('corrected')} AS corrected, w.swept_at, w.next_at, w.compared,
         (SELECT sum((f->>'unmanaged')::int)::int FROM jsonb_array_elements(w.found) f) AS unmanaged,
         (SELECT min(d.found_at) FROM ${this.schema}.drift d WHERE ${sameTarget('d')} AND d.state = 'open') AS oldest
       FROM (SELECT * FROM (${places('drift_counts', 'p.count <> 0')} UNION ${places('sweeps')}) x ORDER BY ${placeOf('x')} LIMIT ${limit}) x
       LEFT JOIN LATERAL (SELECT * FROM ${this.schema}.sweeps w WHERE ${tenantPath('w')} = ${tenantPath('x')} AND ${sameTarget('w')} ORDER BY w.swept_at DESC LIMIT 1) w ON true
       ORDER BY ${placeOf('x')}`, where.values);
    return pageOf(rows, filters, toDrifted, ({ tenant, provider, account }) => [`${tenant}/`, provider, account]);
  }

  async sla(scope: string, query: ReportQuery, now = Date.now()): Promise<Page<SlaRow>> {
    const filters = { ...query, tenant: scope };
    const where = ofTarget(keptFor(new Where(), scope, 's'), 's', query);
    where.and(`s.day > ${where.value(new Date(now - SLA_DAYS * DAY_MS).toISOString().slice(0, 10))}`);
    const { rows } = await this.reader.query<TargetRests>(
      `SELECT s.provider, s.account, s.outcome, s.bucket, sum(s.count)::bigint AS count FROM ${this.schema}.sync_rested s WHERE ${where.sql} GROUP BY s.bucket, s.outcome, s.account, s.provider`, where.values);
    const after = readCursor(filters, query.cursor, 2)?.join('/');
    const keyOf = ({ provider, account }: TargetRests): string => `${provider}/${account}`;
    const targets = [...new Set(rows.map(keyOf))].filter((key) => after === undefined || key > after).sort();
    return pageOf(targets.slice(0, query.limit + 1).map((key) => toSla(rows.filter((row) => keyOf(row) === key))), filters, (row) => row, ({ provider, account }) => [provider, account]);
  }

  /** Those of the connections that the tenant, or one below, may use; see `ProvidersQueries`. */
  async credentials(scope: string, query: ReportQuery): Promise<Page<CredentialRow>> {
    const { items, ...rest } = await this.providers.list(scope, query);
    return {
      ...rest, items: items.flatMap(({ provider, account, health, reason, credentials, reportedAt }) => (credentials === undefined ? [] : [
        { provider, account, ...credentials, health, ...(reason === undefined ? {} : { reason }), ...(reportedAt === undefined ? {} : { reportedAt }) },
      ])),
    };
  }

  private after(where: Where, place: string, after: readonly string[] | undefined): Where {
    return after ? where.and(`(${place}) > (${after.map((part) => where.value(part)).join(', ')})`) : where;
  }
}

const ofTarget = (where: Where, table: string, { provider, account }: ReportQuery): Where => where.equals(`${table}.provider`, provider).equals(`${table}.account`, account);
const sameTarget = (table: string): string => `${table}.tenant = x.tenant AND ${table}.provider = x.provider AND ${table}.account = x.account`;

function toDrifted({ tenant, provider, account, open, corrected, oldest, swept_at, next_at, compared, unmanaged }: Drifted): DriftReportRow {
  return {
    tenant, provider, account, open, corrected, ...(oldest === null ? {} : { oldestOpenAt: oldest }), ...(swept_at === null ? {} : { sweptAt: swept_at }), ...(next_at === null ? {} : { nextSweepAt: next_at }),
    ...(compared === null ? {} : { compared }), ...(unmanaged === null ? {} : { unmanaged }),
  };
}

function toSla(rows: readonly TargetRests[]): SlaRow {
  const countOf = (outcome: RestOutcome): number => rows.filter((row) => row.outcome === outcome).reduce((sum, { count }) => sum + count, 0);
  const [inTime, late, failed] = [countOf('in-time'), countOf('late'), countOf('failed')];
  const changes = inTime + late + failed;
  const mayMiss = Math.floor(changes * (1 - SUCCESS_OBJECTIVE) + 1e-9);
  const arrived = rows.filter(({ outcome }) => outcome !== 'failed');
  const { provider = '', account = '' } = rows[0] ?? {};
  return {
    provider, account, days: SLA_DAYS, withinSeconds: SLA_SECONDS, objective: SUCCESS_OBJECTIVE, changes, inTime, late, failed, ...(changes === 0 ? {} : { rate: inTime / changes }), mayMiss,
    budgetLeft: changes === 0 ? 1 : Number((1 - (late + failed) / (changes * (1 - SUCCESS_OBJECTIVE))).toFixed(4)),
    p50Seconds: quantile(arrived, 0.5), p95Seconds: quantile(arrived, 0.95), p99Seconds: quantile(arrived, 0.99),
  };
}
