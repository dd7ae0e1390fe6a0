import { AppendRefused, type AppendRefusal } from '@wami/event-store';
import { DomainError } from '@wami/domain';
import { ProblemError } from '@wami/platform';
import { quotaKind } from '../tenants/quotas';

/** The one place where refusals of store and domain become answers. Anything else stays what it is. */
export function toAnswer(error: unknown): unknown {
  if (error instanceof AppendRefused) return refused(error.refusal);
  if (error instanceof DomainError) {
    return new ProblemError(error.code, { detail: error.message, ...(error.errors.length === 0 ? {} : { errors: [...error.errors] }) });
  }
  return error;
}

/** Which field of a body holds the name. */
const NAME_FIELDS: Readonly<Record<string, string>> = {
  tenant: 'id', user: 'userName', group: 'groupName', role: 'roleName', policy: 'policyName', 'service-account': 'accountName', 'identity-provider': 'providerName',
};

function refused(refusal: AppendRefusal): ProblemError {
  switch (refusal.code) {
    case 'VersionConflict':
      return new ProblemError('VersionConflict', { detail: 'it was changed meanwhile', params: { version: refusal.actualVersion }, hint: 'read it again and repeat' });
    case 'NameTaken': {
      if (refusal.name.kind === 'login-profile') return new ProblemError('NameTaken', { detail: 'the user has a login profile already', params: { kind: 'login-profile' }, hint: 'delete it, then create another' });
      if (refusal.name.kind === 'mfa-device') return new ProblemError('NameTaken', { detail: 'the user has an MFA device of this name already', params: { kind: 'mfa-device', field: 'deviceName' }, errors: [{ pointer: '/deviceName', code: 'NameTaken', detail: 'the name is taken' }] });
      const field = NAME_FIELDS[refusal.name.kind] ?? 'name';
      return new ProblemError('NameTaken', {
        detail: `another ${refusal.name.kind.replace('-', ' ')} has this ${field}; upper and lower case count as the same`, params: { kind: refusal.name.kind, field },
        errors: [{ pointer: `/${field}`, code: 'NameTaken', detail: 'the name is taken' }],
      });
    }
    case 'ReferenceGone': return new ProblemError('ReferenceGone', { detail: 'what it refers to was deleted meanwhile' });
    case 'TenantNotEmpty':
      return new ProblemError('TenantNotEmpty', { detail: 'the tenant still holds something', hint: 'force=true deletes what it holds too' });
    case 'QuotaExceeded': {
      const { tenant, most } = refusal.quota;
      const quota = quotaKind(refusal.quota);
      return new ProblemError('QuotaExceeded', { detail: `the quota "${quota}" of the tenant ${tenant} is ${most}, with what is below it`, params: { quota, tenant, most } });
    }
    case 'IdempotencyKeyReused':
      return new ProblemError('IdempotencyKeyReused', { detail: 'this Idempotency-Key belongs to another request', hint: 'use a new key for each command' });
  }
}
