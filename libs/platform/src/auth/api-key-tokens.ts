import type { Role } from '@wami/contracts';
import type { Secret } from '../config/secret';
import type { AccessTokens } from './access-tokens';
import { hashApiKey, looksLikeApiKey } from './api-key-secret';

/** A key that is in force, found by one of its secrets. */
export interface KnownApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  /** When that secret ends, epoch milliseconds; absent: never. */
  readonly until?: number;
}

/** Where a service keeps the hashes that it heard of. */
export interface ApiKeyLookup {
  /** Undefined where no key has, or no longer has, a secret of this hash. */
  find(hash: string): Promise<KnownApiKey | undefined>;
  /** Told at each use; costs next to nothing. */
  used(id: string): void;
}

/** How long a key may be believed without looking again: part of the 5 s within which a revocation holds everywhere. */
const BELIEVED_MS = 1000;
const MOST_BELIEVED = 10_000;

/** The owners of API keys. Only texts with a valid checksum are looked up, and only as a hash. */
export function apiKeyTokens({ lookup, pepper, now = Date.now }: { readonly lookup: ApiKeyLookup; readonly pepper: Secret; readonly now?: () => number }): AccessTokens {
  const believed = new Map<string, { readonly key: KnownApiKey; readonly since: number }>();
  const find = async (hash: string): Promise<KnownApiKey | undefined> => {
    const known = believed.get(hash);
    const since = now();
    if (known && since - known.since < BELIEVED_MS) return known.key;
    believed.delete(hash);
    const key = await lookup.find(hash);
    if (!key) return undefined;
    if (believed.size >= MOST_BELIEVED) believed.clear();
    believed.set(hash, { key, since });
    return key;
  };
  return {
    async callerOf(token) {
      if (!looksLikeApiKey(token)) return undefined;
      const key = await find(hashApiKey(pepper, token));
      if (!key || (key.until !== undefined && key.until <= now())) return undefined;
      lookup.used(key.id);
      return { actor: `api-key/${key.id}`, role: key.role, tenant: key.tenant };
    },
  };
}
