import { createHmac } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Secret } from '../../config/secret';
import { ProblemError } from '../../http/problem-error';
import type { AccessTokens } from '../access-tokens';
import { mapClaims } from './claims';
import { IssuerKeys, KeysUnknown } from './issuer-keys';
import type { OidcSettings } from './oidc-config';

export interface OidcTokensOptions {
  readonly settings: OidcSettings;
  readonly keys: Pick<IssuerKeys, 'keyFor'>;
  /** Under it subjects that are no plain ids are written into events. */
  readonly pepper: Secret;
  readonly now?: () => number;
}

const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Seconds by which the issuer's clock may differ from ours. */
const SKEW_SECONDS = 30;
/** RFC 9068 says `at+jwt`; many issuers still say `JWT`. Anything else is another kind of token. */
const TYPES = ['at+jwt', 'jwt'];
/** What only an ID token has. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/** The bearers of access tokens of one OpenID Connect issuer. */
export function oidcTokens({ settings, keys, pepper, now = Date.now }: OidcTokensOptions): AccessTokens {
  return {
    async callerOf(token) {
      if (!SHAPE.test(token)) return undefined;
      const claims = await verified(token, settings, keys, now());
      const given = claims && mapClaims(claims, settings);
      return given && claims.sub !== undefined ? { actor: actorOf(claims.sub, pepper), ...given } : undefined;
    },
  };
}

/** Undefined where the token is not a good one, whatever the reason. @throws ProblemError Unavailable where that cannot be found out now */
async function verified(token: string, { issuer, audience, algorithms }: OidcSettings, keys: OidcTokensOptions['keys'], now: number): Promise<JWTPayload | undefined> {
  try {
    if (!TYPES.includes(typeOf(token))) return undefined;
    const { payload } = await jwtVerify(token, (header) => keys.keyFor(header), {
      issuer, audience, algorithms: [...algorithms], clockTolerance: SKEW_SECONDS, currentDate: new Date(now), requiredClaims: ['exp', 'iat', 'sub'],
    });
    if (ID_TOKEN_CLAIMS.some((claim) => claim in payload) || (payload.iat ?? 0) > now / 1000 + SKEW_SECONDS) return undefined;
    return payload;
  } catch (error) {
    if (error instanceof KeysUnknown) throw new ProblemError('Unavailable', { retryAfter: 10, detail: 'the token cannot be checked: the keys of its issuer cannot be read now' });
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function typeOf(token: string): string {
  try {
    const { typ } = decodeProtectedHeader(token);
    return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  } catch {
    return '';
  }
}

/** Who stands on events, which hold no names: an opaque subject as it is, any other (a mail address, a name with blanks) as its keyed hash. */
function actorOf(subject: string, pepper: Secret): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_|:.-]{0,127}$/.test(subject)) return `oidc/${subject}`;
  return `oidc/~${createHmac('sha256', pepper.reveal()).update(`subject ${subject}`).digest('base64url').slice(0, 32)}`;
}
