import { createHmac } from 'node:crypto';
import { lock, unlock } from '@wami/event-store';
import type { Secret } from '@wami/platform';

/** What wraps the keys of tenants. A key management service fits behind it. */
export interface MasterKey {
  /** Stands beside what it wrapped, and tells nothing about it. */
  readonly id: string;
  wrap(plain: Buffer, context: string): Promise<Buffer>;
  /** Undefined where this is not the key, or it was wrapped for another context. */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer | undefined>;
}

/** The key that new ones are wrapped with, and the one before it, while what it wrapped is still about. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly previous?: MasterKey;
}

/** A master key that this process holds itself. */
export function localMasterKey(secret: Secret<Buffer>): MasterKey {
  const key = secret.reveal();
  return {
    id: `local-${createHmac('sha256', key).update('wami master key id').digest('hex').slice(0, 16)}`,
    wrap: (plain, context) => Promise.resolve(lock(key, context, plain)),
    unwrap: (wrapped, context) => Promise.resolve(unlock(key, context, wrapped)),
  };
}
