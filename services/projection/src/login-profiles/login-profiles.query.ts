import { Inject, Injectable } from '@nestjs/common';
import type { LoginProfileItem } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { notFound } from '../http/caller-scope';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import type { LoginProfileRow } from './login-profiles.table';

@Injectable()
export class LoginProfilesQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  /** @throws ProblemError NotFound where there is no such user, and where the user has none */
  async of(scope: string, user: string): Promise<LoginProfileItem> {
    const where = scopedTo(new Where(), scope, 'p').equals('p.owner', user).and('NOT p.deleted');
    // Of one that was deleted and is not heard to be so yet, and the one after it, the later counts.
    const { rows: [row] } = await this.reader.query<LoginProfileRow>(`SELECT p.* FROM ${this.schema}.login_profiles p WHERE ${where.sql} ORDER BY p.id DESC LIMIT 1`, where.values);
    if (!row) throw notFound();
    const { id, arn, version, tenant, owner, created_at, updated_at, issued } = row;
    return { id, arn, version, tenant, owner, createdAt: created_at, updatedAt: updated_at, issued: [...issued] };
  }
}
