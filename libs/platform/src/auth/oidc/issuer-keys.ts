import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWSHeaderParameters, type KeyLike } from 'jose';
import { z } from 'zod';
import type { AddressRule } from './addresses';
import { fetchJson } from './fetch-json';
import { isLoopback } from './oidc-config';

/** Keys are read again so often, so that one that the issuer withdrew is soon refused. */
const REFRESH_MS = 5 * 60_000;
/** While the issuer cannot be reached, its last keys are believed for so long. */
const BELIEVED_MS = 24 * 3_600_000;
/** A token may name a key that is not known yet; its issuer is asked at most so often. */
const ASK_AGAIN_MS = 10_000;
const MOST_KEYS = 100;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), use: z.string().optional() })).max(MOST_KEYS) });

/** The issuer's keys are not known, and cannot be read now. */
export class KeysUnknown extends Error {}

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Issuer and keys may be at addresses of a private network. Loopback is for an issuer that is named so. */
  readonly privateNetwork?: boolean;
  readonly now?: () => number;
  readonly readJson?: (address: string) => Promise<unknown>;
}

type Resolver = ReturnType<typeof createLocalJWKSet>;

/** The public keys of one issuer, found by its own discovery document and by nothing that a token says. */
export class IssuerKeys {
  private readonly now: () => number;
  private readonly readJson: (address: string) => Promise<unknown>;
  private resolver: Resolver | undefined;
  private readAt = Number.NEGATIVE_INFINITY;
  private askedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;
  private reason: string | undefined;

  constructor(private readonly options: IssuerKeysOptions) {
    this.now = options.now ?? Date.now;
    const rule: AddressRule = { privateNetworks: options.privateNetwork ?? false, loopback: isLoopback(new URL(options.issuer)) };
    this.readJson = options.readJson ?? ((address) => fetchJson(address, { rule }));
  }

  /** For an operator: why the keys could not be read the last time. */
  get problem(): string | undefined {
    return this.reason;
  }

  /** The key that a header names. @throws KeysUnknown, or an error of `jose` where the issuer has no such key */
  async keyFor(header: JWSHeaderParameters): Promise<KeyLike> {
    const age = this.now() - this.readAt;
    if (age > BELIEVED_MS) await this.read();
    else if (age > REFRESH_MS) void this.read();
    if (!this.resolver || this.now() - this.readAt > BELIEVED_MS) throw new KeysUnknown(this.reason);
    try {
      return await this.resolve(this.resolver, header);
    } catch (error) {
      const before = this.readAt;
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.read();
      if (this.readAt === before) throw error;
      return this.resolve(this.resolver, header);
    }
  }

  private async resolve(resolver: Resolver, { alg, kid }: JWSHeaderParameters): Promise<KeyLike> {
    // Only these two are looked at: a key that the token itself carries or points to is never used.
    try {
      return await resolver({ ...(alg === undefined ? {} : { alg }), ...(kid === undefined ? {} : { kid }) }) as KeyLike;
    } catch (error) {
      throw error instanceof errors.JOSEError ? error : new errors.JWKInvalid('a key of the issuer cannot be used');
    }
  }

  /** Never rejects: what was known stays. At most one reading at a time, and one in ten seconds. */
  private read(): Promise<void> {
    if (this.reading) return this.reading;
    if (this.now() - this.askedAt < ASK_AGAIN_MS) return Promise.resolve();
    this.askedAt = this.now();
    this.reading = this.readKeys().then(
      (keys) => {
        this.resolver = createLocalJWKSet(keys);
        this.readAt = this.now();
        this.reason = undefined;
      },
      (error: unknown) => { this.reason = error instanceof Error ? error.message : 'the issuer cannot be read'; },
    ).finally(() => { this.reading = undefined; });
    return this.reading;
  }

  private async readKeys(): Promise<JSONWebKeySet> {
    const { issuer } = this.options;
    const discovery = discoverySchema.safeParse(await this.readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    if (!discovery.success || discovery.data.issuer !== issuer) throw new Error(`the discovery document of ${issuer} is not its own`);
    const address = new URL(discovery.data.jwks_uri);
    if (address.protocol !== 'https:' && address.origin !== new URL(issuer).origin) throw new Error(`${issuer} names an address for its keys that is not https`);
    const set = keySetSchema.safeParse(await this.readJson(address.href));
    if (!set.success) throw new Error(`${address.href} is no set of keys`);
    const keys = set.data.keys.filter(({ kty, use }) => ['RSA', 'EC', 'OKP'].includes(kty) && (use ?? 'sig') === 'sig');
    if (keys.length === 0) throw new Error(`${address.href} holds no public key for signatures`);
    return { keys: keys as JWK[] };
  }
}
