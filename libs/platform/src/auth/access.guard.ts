import { Inject, Injectable, SetMetadata, type CanActivate, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error';
import { ACCESS, decideAccess, type Access } from './access';
import { ACCESS_TOKENS, type AccessTokens } from './access-tokens';
import { rememberCaller } from './caller';

const PUBLIC = 'wami:public';

/** Opens a route to everyone. Only health may be: the routes that carry it are listed in a test. */
export function Public(): CustomDecorator {
  return SetMetadata(PUBLIC, true);
}

/** Default deny: without `Public` a route needs a token that somebody owns, and says with `Needs` what its owner must be allowed to do. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, @Inject(ACCESS_TOKENS) private readonly tokens: AccessTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, places) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerToken(request.headers.authorization);
    const caller = token === undefined ? undefined : await this.tokens.callerOf(token);
    if (token === undefined || !caller) {
      throw new ProblemError('Unauthenticated', {
        detail: token === undefined ? 'send Authorization: Bearer <token>' : 'the token is not valid', headers: { 'www-authenticate': 'Bearer' },
      });
    }
    decideAccess(caller, this.reflector.getAllAndOverride<Access>(ACCESS, places), request.query);
    rememberCaller(request, caller, async () => (await this.tokens.callerOf(token)) !== undefined);
    return true;
  }
}

/** The token of an `Authorization` header; undefined where it has none of the right form. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(header ?? '')?.[1];
}
