import { Inject, Injectable, SetMetadata, type CanActivate, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error';
import { ACCESS_TOKENS, type AccessTokens } from './access-tokens';
import { rememberCaller } from './caller';

const PUBLIC = 'wami:public';

/** Opens a route to everyone. Only health may be: the routes that carry it are listed in a test. */
export function Public(): CustomDecorator {
  return SetMetadata(PUBLIC, true);
}

/** Default deny: without `Public` a route needs a token that somebody owns. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, @Inject(ACCESS_TOKENS) private readonly tokens: AccessTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerToken(request.headers.authorization);
    const caller = token === undefined ? undefined : await this.tokens.callerOf(token);
    if (!caller) {
      throw new ProblemError('Unauthenticated', {
        detail: token === undefined ? 'send Authorization: Bearer <token>' : 'the token is not valid', headers: { 'www-authenticate': 'Bearer' },
      });
    }
    rememberCaller(request, caller);
    return true;
  }
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(header ?? '')?.[1];
}
