import type { PoolClient } from 'pg';
import type { Secret } from '@wami/platform';
import type { ApiKeyDirectory } from '@wami/service-runtime';

/** Tokens under which the module binds what it was given. */
export const EVENT_STORE = Symbol('EventStore');
export const EVENT_LOG = Symbol('EventLog');
export const POOL = Symbol('Pool');
export const LOGGER = Symbol('Logger');
export const HEALTH = Symbol('HealthRegistry');
export const IDENTITY_SETTINGS = Symbol('IdentitySettings');

export const API_KEYS = Symbol('ApiKeySettings');

export interface ApiKeySettings {
  /** The keys that this service goes by. */
  readonly directory: ApiKeyDirectory;
  /** Under it their secrets are hashed. */
  readonly pepper: Secret;
}

export const SUBJECT_KEYS = Symbol('SubjectKeys');

/** The keys under which what is personal in events is sealed, one for each subject. */
export interface SubjectKeys {
  /** Destroys the subject's key for good, as part of the given transaction. One that has no key is no error. */
  destroy(transaction: PoolClient, owned: { readonly subject: string; readonly tenant: string }): Promise<void>;
}

export interface IdentitySettings {
  /** Part of every ARN. */
  readonly instance: string;
  /** Sync services whose outcomes are waited for: `sync-aws`. */
  readonly syncSources: readonly string[];
}
