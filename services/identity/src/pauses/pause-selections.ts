import { Injectable } from '@nestjs/common';
import { isWithinTenant, type PauseSync, type ResumeSync } from '@wami/contracts';
import type { PauseSelection } from '@wami/domain';
import { ProblemError, type Caller } from '@wami/platform';
import { JobRequests } from '../sync-verbs/job-request';
import { Tenants, type TenantLine } from '../tenants/tenants';

/** What somebody selects, and the line of its tenant; none where it is every tenant. */
export interface Selected {
  readonly selection: PauseSelection;
  readonly line?: TenantLine;
}

/** Finds out what a pause or a resume is about: never beyond what the caller may touch. */
@Injectable()
export class PauseSelections {
  constructor(private readonly requests: JobRequests, private readonly tenants: Tenants) {}

  /** @throws ProblemError NotFound, ValidationFailed; with `active` TenantDeleting */
  async of(caller: Caller, asked: Pick<PauseSync & ResumeSync, 'tenant' | 'provider' | 'account' | 'resource'>, active: boolean): Promise<Selected> {
    const { tenant: named, provider, account } = asked;
    const [resource] = asked.resource === undefined ? [] : await this.requests.resources(caller, [asked.resource]);
    if (named !== undefined) await this.tenants.line(caller, named);
    if (resource && named !== undefined && !isWithinTenant(resource.tenant, named)) {
      throw new ProblemError('ValidationFailed', { errors: [{ pointer: '/resource', code: 'NotAllowed', detail: 'it is not in the tenant, so nothing would be selected' }] });
    }
    const tenant = resource?.tenant ?? named ?? caller.tenant;
    const line = tenant === '' ? undefined : await (active ? this.tenants.activeLine(caller, tenant) : this.tenants.line(caller, tenant));
    const selection = {
      tenant, ...(provider === undefined ? {} : { provider }), ...(account === undefined ? {} : { account }), ...(resource ? { resource: resource.id } : {}),
    };
    return { selection, ...(line ? { line } : {}) };
  }
}
