import { isWithinTenant } from '@wami/contracts';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error';

/** Who calls, and how far they may see. */
export interface Caller {
  readonly actor: string;
  readonly role: 'viewer' | 'editor' | 'operator' | 'admin';
  /** Path of the tenant that they belong to; '' sees every tenant. */
  readonly tenant: string;
}

const callers = new WeakMap<object, Caller>();

/** The guard remembers whom it let in; nothing else may. */
export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request.raw, caller);
}

/** Who makes this request. Every handler behind the guard has one. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request.raw);
  if (!caller) throw new ProblemError('Unauthenticated');
  return caller;
}

/** The one place that says whether a tenant's things exist for this caller. */
export function canSee(caller: Caller, tenant: string): boolean {
  return isWithinTenant(tenant, caller.tenant);
}

/** The tenant that a query is about: what was asked for, else the caller's own. Another tenant's answers 404, as if it did not exist. */
export function queriedTenant(caller: Caller, asked: string | undefined): string {
  const tenant = asked ?? caller.tenant;
  if (!canSee(caller, tenant)) throw new ProblemError('NotFound', { detail: `there is no tenant ${tenant}` });
  return tenant;
}
