import { Inject, Injectable } from '@nestjs/common';
import { repairPlaceSchema, type PlanChange, type RepairItem, type RepairPlace, type RepairView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { JobsQueries } from '../jobs/jobs.query';
import { PlansQueries } from '../plans/plans.query';
import { READER, SCHEMA } from '../ports';
import type { RepairCountRow, RepairItemRow, RepairRow } from './repairs.table';

export const repairItemsQuerySchema = z.strictObject({ place: repairPlaceSchema.optional().describe('Only disagreements there.'), ...pagingSchema });
export type RepairItemsQuery = z.infer<typeof repairItemsQuerySchema>;

type Row = RepairItemRow & { readonly place: RepairPlace };

/** Of a plan's operations those that would change the cloud, or say why that cannot be told; the others agree or wait. */
const DISAGREEING = `('delete', 'update', 'adopt', 'create', 'conflict', 'error')`;

@Injectable()
export class RepairsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string, private readonly jobs: JobsQueries, private readonly plans: PlansQueries) {}

  async find(scope: string, id: string): Promise<RepairView | undefined> {
    const where = scopedTo(new Where(), scope, 'r').equals('r.id', id);
    const { rows: [repair] } = await this.reader.query<RepairRow>(`SELECT r.* FROM ${this.schema}.repairs r WHERE ${where.sql}`, where.values);
    if (!repair) return undefined;
    const { rows: counted } = await this.reader.query<RepairCountRow>(`SELECT repair, counter, count FROM ${this.schema}.repair_counts WHERE repair = $1`, [id]);
    const counts = new Map(counted.map(({ counter, count }) => [counter, Number(count)]));
    return toView(repair, counts, await this.silentClouds(scope, repair), await this.found(scope, id));
  }

  async items(scope: string, { id }: Pick<RepairView, 'id'>, query: RepairItemsQuery): Promise<Page<RepairItem>> {
    const filters = { ...query, repair: id };
    const where = scopedTo(new Where(), scope, 'i').equals('i.place', query.place);
    const after = readCursor(filters, query.cursor, 4);
    const order = 'i.place, i.resource, i.provider, i.account';
    if (after) where.and(`(${order}) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<Row>(
      `SELECT i.* FROM ${this.all(where.value(id))} i WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toItem, ({ place, resource, provider, account }) => [place, resource, provider, account]);
  }

  private async found(scope: string, id: string): Promise<RepairView['counts']> {
    const where = scopedTo(new Where(), scope, 'i');
    const { rows } = await this.reader.query<{ place: RepairPlace; found: string; right: string }>(
      `SELECT i.place, count(*) AS found, count(*) FILTER (WHERE i.is_right) AS right FROM ${this.all(where.value(id))} i WHERE ${where.sql} GROUP BY i.place`, where.values);
    const at = (place: RepairPlace): { found: number; right: number } => {
      const row = rows.find((one) => one.place === place);
      return { found: Number(row?.found ?? 0), right: Number(row?.right ?? 0) };
    };
    return { engine: at('engine'), readModel: at('readModel'), cloud: at('cloud') };
  }

  /** Everything that disagreed: what engines and syncs said, what the read model was found to be, and what a plan would do. */
  private all(repair: string): string {
    const columns = 'resource, provider, account, kind, tenant, tenant_path, fields';
    return `(
      SELECT CASE WHEN account = '' THEN 'engine' ELSE 'cloud' END COLLATE "C" AS place, ${columns}, action, code, is_right FROM ${this.schema}.repair_items WHERE repair = ${repair}
      UNION ALL SELECT 'readModel' COLLATE "C", ${columns}, NULL, NULL, is_right FROM ${this.schema}.repair_findings WHERE repair = ${repair}
      UNION ALL SELECT 'cloud' COLLATE "C", resource, provider, account, kind, tenant, tenant_path, coalesce(told->'changes', '[]'), action, code, false
        FROM ${this.schema}.plan_operations WHERE plan = ${repair} AND action IN ${DISAGREEING})`;
  }

  /** The clouds that have not answered; of a sync it is only known that some have not. */
  private async silentClouds(scope: string, { id, dry_run, targets }: RepairRow): Promise<string[]> {
    if (targets.length === 0) return [];
    if (!dry_run) return (await this.jobs.find(scope, id))?.state === 'done' ? [] : ['cloud'];
    const plan = await this.plans.find(scope, id, { limit: 1 });
    if (!plan) return ['cloud'];
    return plan.targets.filter(({ state }) => state === 'planning').map(({ provider, account }) => `${provider}/${account}`);
  }
}

function toView({ id, tenant, dry_run, targets, created_at, expires_at }: RepairRow, counts: ReadonlyMap<string, number>, clouds: readonly string[], found: RepairView['counts']): RepairView {
  const [stated, total] = [counts.get('stated') ?? 0, counts.get('total')];
  const engines = [...new Set(targets.map(({ provider }) => provider))].filter((provider) => !counts.has(`answered/${provider}`));
  const waitingFor = [...(total === undefined ? ['store'] : []), ...(total !== undefined && stated < total - 1 ? ['readModel'] : []), ...engines, ...clouds];
  const state = waitingFor.length === 0 ? 'complete' as const : Date.parse(expires_at) <= Date.now() ? 'expired' as const : 'running' as const;
  return { id, tenant, dryRun: dry_run, state, createdAt: created_at, expiresAt: expires_at, compared: stated, waitingFor, counts: found };
}

function toItem({ place, resource, kind, tenant, provider, account, fields, action, code, is_right }: Row): RepairItem {
  const named = (fields as readonly (string | PlanChange)[]).map((field) => (typeof field === 'string' ? field : field.field));
  return {
    place, resource, kind, tenant, ...(provider === '' ? {} : { provider }), ...(account === '' ? {} : { account }), fields: [...new Set(named)],
    ...(action === null ? {} : { action }), ...(code === null ? {} : { code }), right: is_right,
  };
}

