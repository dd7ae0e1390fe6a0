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
  const expected = digest(secret.reveal());
  const administrator: Caller = { actor: 'admin', role: 'admin', tenant: '' };
  return { callerOf: (token) => Promise.resolve(timingSafeEqual(digest(token), expected) ? administrator : undefined) };
}
