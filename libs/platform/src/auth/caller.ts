import { isWithinTenant, type Role } from '@wami/contracts';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error';

/** Who calls, and how far they may see. */
export interface Caller {
  readonly actor: string;
  readonly role: Role;
  /** Path of the tenant that they belong to; '' sees every tenant. */
  readonly tenant: string;
}

interface LetIn {
  readonly caller: Caller;
  readonly stillValid: () => Promise<boolean>;
}

const letIn = new WeakMap<object, LetIn>();

/** The guard remembers whom it let in; nothing else may. */
export function rememberCaller(request: FastifyRequest, caller: Caller, stillValid: () => Promise<boolean>): void {
  letIn.set(request.raw, { caller, stillValid });
}

/** Who makes this request. Every handler behind the guard has one. */
export function callerOf(request: FastifyRequest): Caller {
  const known = letIn.get(request.raw);
  if (!known) throw new ProblemError('Unauthenticated');
  return known.caller;
}

/** The same; undefined where the route is open to everyone. */
export function callerIfLetIn(request: FastifyRequest): Caller | undefined {
  return letIn.get(request.raw)?.caller;
}

/** Whether the token of a request that goes on for long is still good: it may have been revoked, or have expired. */
export function isStillAuthenticated(request: FastifyRequest): Promise<boolean> {
  return letIn.get(request.raw)?.stillValid() ?? Promise.resolve(false);
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
