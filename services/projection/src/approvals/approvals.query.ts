import { Inject, Injectable } from '@nestjs/common';
import { approvalStateSchema, type ApprovalItem, type ApprovalState, type ApprovalView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { tenantFilter } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo, tenantPath } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { ApprovalItemRow, ApprovalRow } from './approvals.table';

export const approvalsQuerySchema = z.strictObject({ tenant: tenantFilter, state: approvalStateSchema.optional(), ...pagingSchema });
export type ApprovalsQuery = z.infer<typeof approvalsQuerySchema>;
export const approvalItemsQuerySchema = z.strictObject({ ...pagingSchema });
export type ApprovalItemsQuery = z.infer<typeof approvalItemsQuerySchema>;

type Row = ApprovalRow & { readonly state: ApprovalState };
type ItemRow = ApprovalItemRow & { readonly name: string | null };

@Injectable()
export class ApprovalsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async list(scope: string, query: ApprovalsQuery, now = new Date()): Promise<Page<ApprovalView>> {
    const filters = { ...query, tenant: scope };
    const where = scopedTo(new Where(), scope, 'a').and('a.asked_at IS NOT NULL');
    const state = stateAt(where.value(now.toISOString()));
    if (query.state !== undefined) where.and(`${state} = ${where.value(query.state)}`);
    const after = readCursor(filters, query.cursor, 2);
    if (after) where.and(`(${tenantPath('a')}, a.id) > (${after.map((part) => where.value(part)).join(', ')})`);
    const { rows } = await this.reader.query<Row>(
      `SELECT a.*, ${state} AS state FROM ${this.schema}.approvals a WHERE ${where.sql} ORDER BY ${tenantPath('a')}, a.id LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toView, ({ tenant, id }) => [`${tenant}/`, id]);
  }

  async find(scope: string, id: string, now = new Date()): Promise<ApprovalView | undefined> {
    const where = scopedTo(new Where(), scope, 'a').equals('a.id', id).and('a.asked_at IS NOT NULL');
    const state = stateAt(where.value(now.toISOString()));
    const { rows: [row] } = await this.reader.query<Row>(`SELECT a.*, ${state} AS state FROM ${this.schema}.approvals a WHERE ${where.sql}`, where.values);
    return row && toView(row);
  }

  async items(scope: string, approval: string, query: ApprovalItemsQuery): Promise<Page<ApprovalItem>> {
    const filters = { ...query, approval };
    const where = scopedTo(new Where(), scope, 'i').equals('i.approval', approval);
    const after = readCursor(filters, query.cursor, 1);
    if (after) where.and(`i.resource > ${where.value(after[0])}`);
    const { rows } = await this.reader.query<ItemRow>(
      `SELECT i.*, nullif(r.name, '') AS name FROM ${this.schema}.approval_items i LEFT JOIN ${this.schema}.resources r ON r.id = i.resource
       WHERE ${where.sql} ORDER BY i.resource LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toItem, ({ resource }) => [resource]);
  }
}

function stateAt(now: string): string {
  return `CASE WHEN a.decision = 'approved' THEN 'approved' WHEN a.released = 'expired' THEN 'expired' WHEN a.released IS NOT NULL THEN 'released'
    WHEN a.decision = 'rejected' THEN 'rejected' WHEN a.expires_at <= ${now} THEN 'expired' ELSE 'open' END`;
}

function toView({ id, arn, tenant, provider, account, state, held, hash, budgets, asked_at, expires_at, decided_at, decided_by }: Row): ApprovalView {
  return {
    id, arn, tenant, provider, account, state, held, hash, budgets: [...budgets], askedAt: asked_at ?? '', expiresAt: expires_at,
    ...(decided_at === null ? {} : { decidedAt: decided_at }), ...(decided_by === null ? {} : { decidedBy: decided_by }),
  };
}

function toItem({ resource, kind, name, takes, more }: ItemRow): ApprovalItem {
  return { resource, kind, ...(name === null ? {} : { name }), removes: [...takes], more };
}
