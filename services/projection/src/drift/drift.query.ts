import { Inject, Injectable } from '@nestjs/common';
import { accountSchema, driftStateSchema, providerNameSchema, type DriftItem, type SweepView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { filterText } from '../http/filter-text';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { oneOf } from '../http/walk';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { DriftRow, SweepRow } from './drift.table';

const target = { provider: providerNameSchema.optional(), account: accountSchema.optional() };
export const driftQuerySchema = z.strictObject({
  tenant: tenantFilter, ...target, state: driftStateSchema.optional(), kind: filterText(64).optional(), resource: filterText(64).optional().describe('Id of one resource.'), ...pagingSchema,
});
export type DriftQuery = z.infer<typeof driftQuerySchema>;

/** The first page tells of the last sweeps too, so that an empty list says how fresh it is. */
export interface DriftPage extends Page<DriftItem> {
  readonly sweeps?: readonly SweepView[];
}

type NamedRow = DriftRow & { readonly name: string | null };

const MOST_SWEEPS = 100;
const PLACE = ['found_at', 'provider', 'account', 'resource'] as const;

@Injectable()
export class DriftQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** The newest first. */
  async list(scope: string, query: DriftQuery): Promise<DriftPage> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 'd').equals('d.provider', query.provider).equals('d.account', query.account).equals('d.state', query.state)
      .equals('d.kind', query.kind).equals('d.resource', query.resource);
    const after = readCursor(filters, query.cursor, PLACE.length);
    if (after) where.and(`(${PLACE.map((column) => `d.${column}`).join(', ')}) < (${after.map((part) => where.value(part)).join(', ')})`);
    const order = PLACE.map((column) => `d.${column} DESC`).join(', ');
    // Of all that is found only the page is looked up by its names.
    const { rows } = await this.reader.query<NamedRow>(
      `WITH page AS MATERIALIZED (SELECT d.* FROM ${this.schema}.drift d WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(query.limit + 1)})
       SELECT d.*, r.name FROM page d LEFT JOIN LATERAL (${oneOf(`${this.schema}.resources`, 'id = d.resource', 'name')}) r ON true ORDER BY ${order}`, where.values);
    const page = pageOf(rows, filters, toItem, (row) => PLACE.map((column) => row[column]));
    return after ? page : { ...page, sweeps: await this.sweeps(scope, query) };
  }

  private async sweeps(scope: string, { provider, account }: DriftQuery): Promise<SweepView[]> {
    const where = scopedTo(new Where(), scope, 's').equals('s.provider', provider).equals('s.account', account);
    const { rows } = await this.reader.query<SweepRow>(
      `SELECT s.* FROM ${this.schema}.sweeps s WHERE ${where.sql} ORDER BY ${tenantPath('s')}, s.id LIMIT ${MOST_SWEEPS}`, where.values);
    return rows.map(toSweep);
  }
}

function toItem({ resource, name, arn, kind, tenant, provider, account, drift, state, differences, found_at, corrected_at }: NamedRow): DriftItem {
  return {
    resource, ...(name === null || name === '' ? {} : { name }), arn, kind, tenant, provider, account, drift, state, differences: [...differences], foundAt: found_at, ...(corrected_at === null ? {} : { correctedAt: corrected_at }),
  };
}

function toSweep({ tenant, provider, account, schedule, swept_at, next_at, compared, found, problems }: SweepRow): SweepView {
  return { tenant, provider, account, schedule, sweptAt: swept_at, nextAt: next_at, compared, found, problems };
}
