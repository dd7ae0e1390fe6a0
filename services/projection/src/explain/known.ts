import type { ExplainedPause, ExplainedSetting, PlanChange, SyncConfig, SyncState, SyncStateName, Target } from '@wami/contracts';

/** The resource, as far as it matters here. */
export interface About {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly syncToProviders: readonly string[] | undefined;
}

/** What an engine reported as carried out. */
export interface Success {
  readonly operation: string;
  readonly version: number;
  readonly intent: string;
  readonly time: string;
  readonly nativeArn?: string | undefined;
  readonly providerResourceId?: string | undefined;
}

/** All that is on record of one resource at one target. */
export interface Known {
  readonly about: About;
  readonly target: Target;
  readonly state: SyncState | undefined;
  readonly config: SyncConfig;
  readonly settings: readonly ExplainedSetting[];
  /** Those that hold it now. */
  readonly pauses: readonly ExplainedPause[];
  /** The first one since it was last deleted there. */
  readonly first: Success | undefined;
  readonly last: Success | undefined;
  /** Undefined where its history is too long to be compared. */
  readonly changed: { readonly changes: PlanChange[]; readonly more: number } | undefined;
  /** Until when the target rests, because the cloud rejected its credentials. */
  readonly restsUntil: string | undefined;
  /** Why the target is in quarantine, where it is and that holds this one. */
  readonly quarantined: string | undefined;
  /** Bindings that wait for their turn there and that the caller may see. */
  readonly waiting: number;
  /** The one that it waits for, at the same target. */
  readonly awaited: { readonly resource: string; readonly kind: string; readonly state?: SyncStateName; readonly reason?: string } | undefined;
}

/** What stands at the target now, by the engine's word. */
export const standing = ({ last }: Pick<Known, 'last'>): Success | undefined => (last?.operation === 'delete' ? undefined : last);

export const nameOf = ({ provider, account }: Target): string => `${provider}/${account}`;
