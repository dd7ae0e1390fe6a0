import { Inject, Injectable } from '@nestjs/common';
import type { TenantView } from '@wami/contracts';
import { ProblemError, type Caller } from '@wami/platform';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { tenantView } from './tenant.view';
import { Tenants } from './tenants';

export interface TenantListQuery {
  readonly parent?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const PARALLEL = 8;

@Injectable()
export class TenantList {
  constructor(
    private readonly directory: Directory, private readonly tenants: Tenants, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Sorted by path. @throws ProblemError NotFound for an unknown parent, MalformedRequest for a foreign cursor, ConsistencyTimeout */
  async page(caller: Caller, { parent, limit, cursor }: TenantListQuery): Promise<{ items: TenantView[]; nextCursor?: string }> {
    if (parent !== undefined) await this.tenants.line(caller, parent);
    await this.directory.caughtUp();
    const after = cursor === undefined ? '' : pathIn(cursor, parent);
    const paths = await this.directory.tenantPaths({ within: caller.tenant, parent, after, limit: limit + 1 });
    const found = await eachLimited(paths.slice(0, limit), PARALLEL, (path) => this.tenants.find(path));
    const items = found.flatMap((line) => (line ? [tenantView(line.own, this.settings.instance)] : []));
    const last = paths[limit - 1];
    return { items, ...(paths.length > limit && last !== undefined ? { nextCursor: cursorAt(last, parent) } : {}) };
  }
}

const cursorAt = (path: string, parent: string | undefined): string => Buffer.from(JSON.stringify([path, parent ?? null])).toString('base64url');

function pathIn(cursor: string, parent: string | undefined): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const match = /^\["([a-z0-9/-]{1,255})",/.exec(text);
  if (match?.[1] === undefined || cursorAt(match[1], parent) !== cursor) {
    throw new ProblemError('MalformedRequest', { detail: 'the cursor is not one of this list' });
  }
  return match[1];
}
