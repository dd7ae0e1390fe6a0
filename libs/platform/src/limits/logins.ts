import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { TokenBuckets } from './token-buckets';

const KNOWN_FOR_MS = 300_000;
const MOST_KNOWN = 10_000;
/** A proxy on this machine stands for everybody, so nobody is told from another by this address. */
const LOCAL = /^(::ffff:)?127\.|^::1$/;

/** Whose request it is before anybody looked: a digest of the credential, never the credential. */
export function credentialOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  return authorization === undefined ? undefined : createHash('sha256').update(authorization).digest('base64url').slice(0, 22);
}

/** Remembers who guesses. An address that guessed too often is heard only with credentials that were good lately. */
export class Logins {
  private readonly failures: TokenBuckets;
  private readonly good = new Map<string, number>();

  constructor(perMinute: number, private readonly isLocal: (address: string) => boolean = (address) => LOCAL.test(address)) {
    this.failures = new TokenBuckets(perMinute / 60, perMinute);
  }

  /** Seconds to wait, or undefined where the credential may be looked at. */
  refusal(address: string, credential: string | undefined): number | undefined {
    if (this.isLocal(address) || (credential !== undefined && (this.good.get(credential) ?? 0) > Date.now())) return undefined;
    const { allowed, retryAfter } = this.failures.look(address);
    return allowed ? undefined : retryAfter;
  }

  answered(address: string, credential: string | undefined, status: number): void {
    if (status === 401) {
      if (credential !== undefined) this.good.delete(credential);
      if (!this.isLocal(address)) this.failures.take(address);
      return;
    }
    if (credential === undefined || status === 429 || status === 503) return;
    this.good.delete(credential);
    this.good.set(credential, Date.now() + KNOWN_FOR_MS);
    if (this.good.size > MOST_KNOWN) this.good.delete(this.good.keys().next().value as string);
  }
}
