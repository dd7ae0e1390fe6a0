import { Inject, Injectable } from '@nestjs/common';
import type { AccessKeyItem, KeyOwnerKind, KeyStatus } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import type { Page } from '../http/paging';
import { listOfOwner, type OwnedQuery } from '../issued/list-of-owner';
import { READER, SCHEMA } from '../ports';
import type { AccessKeyRow } from './access-keys.table';

@Injectable()
export class AccessKeysQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** @throws ProblemError NotFound where there is no such owner */
  list(scope: string, kind: KeyOwnerKind, owner: string, query: OwnedQuery): Promise<Page<AccessKeyItem>> {
    return listOfOwner(this.reader, this.schema, { table: 'access_keys', scope, kind, owner }, query, toItem);
  }
}

function toItem({ id, arn, version, tenant, owner, owner_kind, status, created_at, updated_at, issued }: AccessKeyRow): AccessKeyItem {
  return { id, arn, version, tenant, owner, ownerKind: owner_kind as KeyOwnerKind, status: status as KeyStatus, createdAt: created_at, updatedAt: updated_at, issued: [...issued] };
}
