import { Inject, Injectable } from '@nestjs/common';
import type { AccessKeyItem, KeyOwnerKind, KeyStatus } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { z } from 'zod';
import { notFound } from '../http/caller-scope';
import { pageOf, pagingSchema, readCursor, type Page } from '../http/paging';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { AccessKeyRow } from './access-keys.table';

export const accessKeysQuerySchema = z.strictObject({ ...pagingSchema });
export type AccessKeysQuery = z.infer<typeof accessKeysQuerySchema>;

@Injectable()
export class AccessKeysQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** @throws ProblemError NotFound where there is no such owner */
  async list(scope: string, kind: KeyOwnerKind, owner: string, query: AccessKeysQuery): Promise<Page<AccessKeyItem>> {
    await this.requireOwner(scope, kind, owner);
    const filters = { ...query, owner };
    const where = scopedTo(new Where(), scope, 'k').equals('k.owner', owner).and('NOT k.deleted');
    const after = readCursor(filters, query.cursor, 1);
    if (after) where.and(`k.id > ${where.value(after[0])}`);
    const { rows } = await this.reader.query<AccessKeyRow>(`SELECT k.* FROM ${this.schema}.access_keys k WHERE ${where.sql} ORDER BY k.id LIMIT ${where.value(query.limit + 1)}`, where.values);
    return pageOf(rows, filters, toItem, ({ id }) => [id]);
  }

  private async requireOwner(scope: string, kind: KeyOwnerKind, owner: string): Promise<void> {
    const where = scopedTo(new Where(), scope, 'r').equals('r.id', owner).equals('r.kind', kind).and('NOT r.deleted');
    const { rows } = await this.reader.query(`SELECT 1 FROM ${this.schema}.resources r WHERE ${where.sql}`, where.values);
    if (rows.length === 0) throw notFound();
  }
}

function toItem({ id, arn, version, tenant, owner, owner_kind, status, created_at, updated_at, issued }: AccessKeyRow): AccessKeyItem {
  return { id, arn, version, tenant, owner, ownerKind: owner_kind as KeyOwnerKind, status: status as KeyStatus, createdAt: created_at, updatedAt: updated_at, issued: [...issued] };
}
