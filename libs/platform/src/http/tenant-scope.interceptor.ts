import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { callerIfLetIn } from '../auth/caller';
import { withinTenant } from '../auth/tenant-scope';

/** The one place where a request's reads are bound to the tenant of its caller, as the guard found it and whatever the request asks for. */
@Injectable()
export class TenantScopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const caller = callerIfLetIn(context.switchToHttp().getRequest<FastifyRequest>());
    if (!caller) return next.handle();
    return new Observable((subscriber) => withinTenant(caller.tenant, () => next.handle().subscribe(subscriber)));
  }
}
