import { Inject, Injectable } from '@nestjs/common';
import { planActionSchema, planStateSchema, type PlanAction, type PlanOperation, type PlanSummary, type PlanView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { filterText } from '../http/filter-text';
import { tenantFilter } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { PlanJobRow, PlanOperationRow, PlanRow, PlanTargetRow } from './plans.table';

export const planQuerySchema = z.strictObject({
  action: planActionSchema.optional().describe('Only operations of this kind.'), provider: filterText(64).optional(), account: filterText(128).optional(), ...pagingSchema,
});
export type PlanQuery = z.infer<typeof planQuerySchema>;

export const plansQuerySchema = z.strictObject({ tenant: tenantFilter, state: planStateSchema.optional(), ...pagingSchema });
export type PlansQuery = z.infer<typeof plansQuerySchema>;

type Target = PlanTargetRow & { readonly arrived: number };

@Injectable()
export class PlansQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async find(scope: string, id: string, query: PlanQuery): Promise<PlanView | undefined> {
    const where = scopedTo(new Where(), scope, 'p').equals('p.id', id);
    const { rows: [plan] } = await this.reader.query<PlanRow>(`SELECT p.* FROM ${this.schema}.plans p WHERE ${where.sql}`, where.values);
    if (!plan) return undefined;
    const [view] = await this.views([plan], new Date());
    return view && { ...view, ...(await this.operations(id, query)) };
  }

  async list(scope: string, query: PlansQuery, now = new Date()): Promise<Page<PlanSummary>> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 'p');
    if (query.state !== undefined) where.and(`${this.stateIn(where.value(now.toISOString()))} = ${where.value(query.state)}`);
    const after = readCursor(filters, query.cursor, 2);
    if (after) where.and(`(${tenantPath('p')}, p.id) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<PlanRow>(
      `SELECT p.* FROM ${this.schema}.plans p WHERE ${where.sql} ORDER BY ${tenantPath('p')}, p.id LIMIT ${where.value(query.limit + 1)}`, where.values);
    const { items, ...more } = pageOf(rows, filters, (row) => row, ({ tenant, id }) => [`${tenant}/`, id]);
    return { ...more, items: await this.views(items, now) };
  }

  /** What `toView` says, of the plan `p`. */
  private stateIn(now: string): string {
    const of = (table: string): string => `FROM ${this.schema}.${table}`;
    return `CASE WHEN EXISTS (SELECT 1 ${of('plan_jobs')} j WHERE j.plan = p.id AND j.refused = '') THEN 'applied' WHEN p.expires_at <= ${now} THEN 'expired'
      WHEN jsonb_array_length(p.targets) = (SELECT count(*) ${of('plan_targets')} t WHERE t.plan = p.id AND t.operations <= (
        SELECT count(*) ${of('plan_operations')} o WHERE o.plan = t.plan AND o.provider = t.provider AND o.account = t.account)) THEN 'complete' ELSE 'running' END`;
  }

  private async views(plans: readonly PlanRow[], now: Date): Promise<PlanSummary[]> {
    const ids = plans.map(({ id }) => id);
    const { rows: targets } = await this.reader.query<Target>(`SELECT t.*, (SELECT count(*) FROM ${this.schema}.plan_operations o
      WHERE o.plan = t.plan AND o.provider = t.provider AND o.account = t.account)::int AS arrived FROM ${this.schema}.plan_targets t WHERE t.plan = ANY($1)`, [ids]);
    const { rows: jobs } = await this.reader.query<PlanJobRow>(`SELECT * FROM ${this.schema}.plan_jobs WHERE plan = ANY($1) ORDER BY job`, [ids]);
    return plans.map((plan) => toView(plan, targets.filter((target) => target.plan === plan.id), jobs.filter((job) => job.plan === plan.id), now));
  }

  /** Deletions first. */
  private async operations(plan: string, query: PlanQuery): Promise<Pick<PlanView, 'operations' | 'nextCursor'>> {
    const filters = { ...query, plan };
    const where = new Where().equals('o.plan', plan).equals('o.action', query.action).equals('o.provider', query.provider).equals('o.account', query.account);
    const after = readCursor(filters, query.cursor, 4);
    const order = 'o.rank, o.resource, o.provider, o.account';
    if (after) where.and(`(${order}) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<PlanOperationRow>(
      `SELECT o.* FROM ${this.schema}.plan_operations o WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.value(query.limit + 1)}`, where.values);
    const { items, nextCursor } = pageOf(rows, filters, toOperation, ({ rank, resource, provider, account }) => [rank, resource, provider, account]);
    return { operations: [...items], ...(nextCursor === undefined ? {} : { nextCursor }) };
  }
}

function toView({ id, tenant, targets, created_at, created_by, expires_at }: PlanRow, answers: readonly Target[], jobs: readonly PlanJobRow[], now: Date): PlanSummary {
  const told = targets.map(({ provider, account }) => {
    const here = ({ provider: p, account: a }: { provider: string; account: string }): boolean => p === provider && a === account;
    const answer = answers.find((one) => here(one) && one.arrived >= one.operations);
    const taken = jobs.filter(here);
    const refused = taken.at(-1)?.refused;
    const state = taken.some((job) => job.refused === '') ? 'applied' as const : refused ? 'refused' as const : answer ? 'answered' as const : 'planning' as const;
    return { provider, account, state, counts: answer?.counts ?? {}, ...(answer ? { hash: answer.hash } : {}), ...(state === 'refused' ? { reason: refused } : {}), guard: answer?.guard ?? [] };
  });
  const hashes = told.flatMap(({ hash }) => hash ?? []);
  const complete = hashes.length === targets.length;
  const expired = Date.parse(expires_at) <= now.getTime();
  const state = told.some((target) => target.state === 'applied') ? 'applied' : expired ? 'expired' : complete ? 'complete' : 'running';
  return {
    id, tenant, state, ...(complete && hashes.length > 0 ? { hash: hashes.join('.') } : {}), createdAt: created_at, createdBy: created_by, expiresAt: expires_at, targets: told.map(({ guard: _guard, ...target }) => target),
    guard: told.flatMap(({ provider, account, guard }) => guard.map((over) => ({ provider, account, ...over }))), counts: summed(told.map(({ counts }) => counts)), jobs: [...new Set(jobs.map(({ job }) => job))],
  };
}

function summed(all: readonly PlanView['counts'][]): PlanView['counts'] {
  const sums: Partial<Record<PlanAction, number>> = {};
  for (const counts of all) for (const [action, count] of Object.entries(counts)) sums[action as PlanAction] = (sums[action as PlanAction] ?? 0) + count;
  return sums;
}

function toOperation({ resource, kind, tenant, provider, account, action, calls, version, code, more, refused, told }: PlanOperationRow): PlanOperation {
  const { name, reason, changes = [] } = told ?? {};
  return {
    resource, kind, tenant, provider, account, action, calls, version, more, changes: [...changes],
    ...(name === undefined ? {} : { name }), ...(reason === undefined ? {} : { reason }), ...(code === null ? {} : { code }), ...(refused === null ? {} : { refused }),
  };
}
