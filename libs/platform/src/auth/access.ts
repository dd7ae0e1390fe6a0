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
}

export const ACCESS = 'wami:access';
/** Where an operation of the OpenAPI document says the same. */
export const ACCESS_EXTENSION = 'x-wami-access';

/**
 * Says what a route, or every route of a controller, asks of its caller. A route that says nothing is refused to everyone. Whether a tenant's
 * things are there for the caller is `canSee`'s to say, where they are looked up.
 */
export function Needs(permission: Permission, of: Access['of'] = 'tenant'): MethodDecorator & ClassDecorator {
  const access: Access = { permission, of };
  return applyDecorators(SetMetadata(ACCESS, access), ApiExtension(ACCESS_EXTENSION, access));
}

/**
 * The one decision about a route. It knows nothing of what the request names, so its answers are the same whether or not that is there.
 * @throws ProblemError NotFound, Forbidden
 */
export function decideAccess(caller: Caller, access: Access | undefined): void {
  if (!access) throw new ProblemError('Forbidden', { detail: 'nobody may call this: it does not say whom it is for' });
  if ((access.of === 'services') !== (caller.service === true)) throw new ProblemError('NotFound');
  if (access.of === 'installation' && caller.tenant !== '') throw new ProblemError('NotFound');
  if (mayDo(caller.role, access.permission)) return;
  const roles = rolesWith(access.permission);
  throw new ProblemError('Forbidden', {
    detail: `this takes the role ${roles.join(' or ')}; yours is ${caller.role}`, params: { role: caller.role, needs: access.permission, roles },
  });
}
