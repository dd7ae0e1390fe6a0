import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { ProblemError } from '../http/problem-error';
import type { Caller } from './caller';
import { mayDo, rolesWith, type Permission } from './permissions';

/**
 * Whom a route is for. `installation`: only callers whose tenant is every tenant; for others there is no such route. `services`: only the
 * other services, for whom there is no other route.
 */
export interface Access {
  readonly permission: Permission;
  readonly of: 'tenant' | 'installation' | 'services';
  /** What a query parameter asks for beside, unless it says `false`. */
  readonly where?: Readonly<Record<string, Permission>>;
}

export const ACCESS = 'wami:access';
/** Where an operation of the OpenAPI document says the same. */
export const ACCESS_EXTENSION = 'x-wami-access';

/**
 * Says what a route, or every route of a controller, asks of its caller. A route that says nothing is refused to everyone. Whether a tenant's
 * things are there for the caller is `canSee`'s to say, where they are looked up.
 */
export function Needs(permission: Permission, of: Access['of'] = 'tenant', where?: Access['where']): MethodDecorator & ClassDecorator {
  const access: Access = { permission, of, ...(where ? { where } : {}) };
  return applyDecorators(SetMetadata(ACCESS, access), ApiExtension(ACCESS_EXTENSION, access));
}

/**
 * The one decision about a route. It knows nothing of what the request names, so its answers are the same whether or not that is there.
 * @throws ProblemError NotFound, Forbidden
 */
export function decideAccess(caller: Caller, access: Access | undefined, query: unknown = {}): void {
  if (!access) throw new ProblemError('Forbidden', { detail: 'nobody may call this: it does not say whom it is for' });
  if ((access.of === 'services') !== (caller.service === true)) throw new ProblemError('NotFound');
  if (access.of === 'installation' && caller.tenant !== '') throw new ProblemError('NotFound');
  const asked = query as Readonly<Record<string, unknown>>;
  const more = Object.entries(access.where ?? {}).filter(([name]) => asked[name] !== undefined && asked[name] !== 'false').map(([, permission]) => permission);
  for (const permission of [access.permission, ...more]) refuseUnless(caller, permission);
}

function refuseUnless({ role }: Caller, permission: Permission): void {
  if (mayDo(role, permission)) return;
  const roles = rolesWith(permission);
  throw new ProblemError('Forbidden', { detail: `this takes the role ${roles.join(' or ')}; yours is ${role}`, params: { role, needs: permission, roles } });
}
