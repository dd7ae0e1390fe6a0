import { Inject, Injectable } from '@nestjs/common';
import { accountSchema, expiresSoon, isAllowedWithin, providerNameSchema, SUCCESS_OBJECTIVE, type ProviderTargetView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { keptFor } from '../http/scoped-to';
import { Where } from '../http/where';
import { POOL, READER, SCHEMA } from '../ports';
import type { TargetRow } from './targets.table';

export const providersQuerySchema = z.strictObject({ tenant: tenantFilter, provider: providerNameSchema.optional(), account: accountSchema.optional(), ...pagingSchema });
export type ProvidersQuery = z.infer<typeof providersQuerySchema>;

interface Place {
  readonly provider: string;
  readonly account: string;
}
type Counted = Place & { readonly state: string; readonly count: number };
type Skipped = Place & ProviderTargetView['skipped'][number];

const keyOf = ({ provider, account }: Place): string => `${provider}/${account}`;

@Injectable()
export class ProvidersQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string) {}

  /**
   * Every target that the tenant or one below it may use, and those that something of theirs is asked for at. Connections are the installation's and
   * not a tenant's, so their rows are read as the owner and narrowed here; what is counted of tenants is read within the caller's scope.
   */
  async list(scope: string, query: ProvidersQuery, now = Date.now()): Promise<Page<ProviderTargetView>> {
    const filters = { ...query, tenant: scope };
    const [rows, counted, skipped] = await Promise.all([this.targets(query), this.counted(scope, query), this.skipped(scope, query)]);
    const known = new Map(rows.map((row) => [keyOf(row), row]));
    const used = new Map(counted.map((row) => [keyOf(row), row]));
    const shown = [...known.values(), ...used.values()].filter((place) => isShown(known.get(keyOf(place)), used.has(keyOf(place)), scope));
    const after = readCursor(filters, query.cursor, 2)?.join('/');
    const places = [...new Map(shown.map((place) => [keyOf(place), place])).keys()].sort().filter((key) => after === undefined || key > after);
    return pageOf(places.slice(0, query.limit + 1), filters, (key) => toView(key, { row: known.get(key), counted, skipped, whole: scope === '', now }), (key) => partsOf(key));
  }

  private async targets(query: ProvidersQuery): Promise<readonly TargetRow[]> {
    const where = ofTarget(new Where(), query);
    return (await this.pool.query<TargetRow>(`SELECT t.* FROM ${this.schema}.targets t WHERE ${where.sql}`, where.values)).rows;
  }

  private async counted(scope: string, query: ProvidersQuery): Promise<readonly Counted[]> {
    const where = ofTarget(keptFor(new Where(), scope, 't'), query);
    const { rows } = await this.reader.query<Counted>(
      `SELECT t.provider, t.account, t.state, sum(t.count)::bigint AS count FROM ${this.schema}.sync_summary t WHERE ${where.sql} GROUP BY 1, 2, 3 HAVING sum(t.count) <> 0`, where.values);
    return rows;
  }

  private async skipped(scope: string, query: ProvidersQuery): Promise<readonly Skipped[]> {
    const where = ofTarget(keptFor(new Where(), scope, 't'), query).and("t.state = 'Skipped' AND t.count <> 0");
    const { rows } = await this.reader.query<Skipped>(
      `SELECT t.provider, t.account, t.kind, t.reason, t.count::int AS count FROM ${this.schema}.sync_summary t WHERE ${where.sql} ORDER BY 3, 4`, where.values);
    return rows;
  }
}

const ofTarget = (where: Where, { provider, account }: ProvidersQuery): Where => where.equals('t.provider', provider).equals('t.account', account);

function partsOf(key: string): [provider: string, account: string] {
  const cut = key.indexOf('/');
  return [key.slice(0, cut), key.slice(cut + 1)];
}

/** A connection that is away is of interest to whom something is asked for there. */
function isShown(row: TargetRow | undefined, isUsed: boolean, scope: string): boolean {
  if (isUsed || row === undefined) return isUsed;
  return row.report.health !== 'not-connected' && isAllowedWithin(row.report.tenants, scope);
}

interface Known {
  readonly row: TargetRow | undefined;
  readonly counted: readonly Counted[];
  readonly skipped: readonly Skipped[];
  readonly whole: boolean;
  readonly now: number;
}

function toView(key: string, { row, counted, skipped, whole, now }: Known): ProviderTargetView {
  const [provider, account] = partsOf(key);
  const here = (one: Place): boolean => keyOf(one) === key;
  const countOf = (state: string): number => counted.filter((one) => here(one) && one.state === state).reduce((sum, { count }) => sum + count, 0);
  const [synced, failed] = [countOf('Synced'), countOf('Failed')];
  const told = row ? reported(row, whole, now) : { health: 'not-connected' as const, reason: `no sync service has told of ${key}`, quota: [], capabilities: [] };
  return {
    provider, account, ...told,
    skipped: skipped.filter(here).map(({ kind, reason, count }) => ({ kind, reason, count })),
    success: { ...(synced + failed === 0 ? {} : { rate: synced / (synced + failed) }), synced, failed, objective: SUCCESS_OBJECTIVE },
  };
}

function reported({ report: { health, reason, mode, tenants, credentials, limits, rates, capabilities }, reported_at }: TargetRow, whole: boolean, now: number): Omit<ProviderTargetView, 'provider' | 'account' | 'skipped' | 'success'> {
  return {
    health, ...(reason === undefined ? {} : { reason }), ...(mode === undefined ? {} : { mode }), ...(whole && tenants !== undefined ? { tenants } : {}),
    ...(credentials === undefined ? {} : { credentials: { ...credentials, expiresSoon: expiresSoon(credentials.expiresAt, now) } }),
    ...(limits === undefined ? {} : { limits }), quota: rates, capabilities, reportedAt: reported_at,
  };
}
