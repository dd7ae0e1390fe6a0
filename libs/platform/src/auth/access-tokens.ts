import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../config/secret';
import type { Caller } from './caller';

/** Says whose token it is; undefined where it is nobody's. */
export interface AccessTokens {
  callerOf(token: string): Promise<Caller | undefined>;
}

export const ACCESS_TOKENS = Symbol('AccessTokens');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The first of these that knows the token says whose it is. */
export function firstOf(...all: readonly AccessTokens[]): AccessTokens {
  return {
    async callerOf(token) {
      for (const tokens of all) {
        const caller = await tokens.callerOf(token);
        if (caller) return caller;
      }
      return undefined;
    },
  };
}

/** The administrator's one token, compared in constant time. */
export function administratorToken(secret: Secret): AccessTokens {
  return onlyToken(secret, { actor: 'admin', role: 'admin', tenant: '' });
}

/** The secret that the services of an installation share. It opens what is between services, and nothing that users call. */
export function serviceToken(secret: Secret): AccessTokens {
  return onlyToken(secret, { actor: 'service', role: 'viewer', tenant: '', service: true });
}

function onlyToken(secret: Secret, caller: Caller): AccessTokens {
  const expected = digest(secret.reveal());
  return { callerOf: (token) => Promise.resolve(timingSafeEqual(digest(token), expected) ? caller : undefined) };
}
