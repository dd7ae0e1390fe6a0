/** Tokens under which the module binds what it was given. */
export const EVENT_STORE = Symbol('EventStore');
export const EVENT_LOG = Symbol('EventLog');
export const POOL = Symbol('Pool');
export const LOGGER = Symbol('Logger');
export const HEALTH = Symbol('HealthRegistry');
export const IDENTITY_SETTINGS = Symbol('IdentitySettings');

export interface IdentitySettings {
  /** Part of every ARN. */
  readonly instance: string;
  /** Sync services whose outcomes are waited for: `sync-aws`. */
  readonly syncSources: readonly string[];
}
