import type { SyncConfig } from '@wami/contracts';

/** What of the world people know. */
export interface World {
  /** So many work in one account. */
  readonly tenants: number;
  /** So many of a kind may be taken away; absent: any number. */
  readonly guard?: number;
  /** What stands in the way is merged. */
  readonly merges: boolean;
  /** The tenants have so many accounts. */
  readonly accounts: number;
  /** Everything is compared twice a minute. */
  readonly sweeps: boolean;
  /** Triggers are turned off and on. */
  readonly triggers: boolean;
  /** People approve plans. */
  readonly plans: boolean;
  /** There are policies and roles. */
  readonly policies: boolean;
  /** Users, groups and roles have inline policies. */
  readonly inlines: boolean;
  /** People do many things at once. */
  readonly bursts: boolean;
  /** What others made is imported. */
  readonly imports: boolean;
  /** Looks may find who had a name before. */
  readonly haunted: boolean;
  /** Tenants turn from push to this and back. */
  readonly direction?: Exclude<SyncConfig['direction'], 'push'>;
}
