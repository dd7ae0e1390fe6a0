import type { PlanRefusal, SyncOperation } from '@wami/contracts';
import type { ProviderError } from '@wami/provider-port';
import type { StandingPause } from '@wami/domain';
import type { ConnectionHold, Presence } from '../bindings/binding';

/** What wakes a waiting binding: that another one is there, that it came to rest, whatever became of it, that its name is certain again, or that it is gone. */
export type Awaited = { readonly until: 'present' | 'settled' | 'named' | 'gone'; readonly resource: string };

/** What a pass over a binding came to. `presence`: what is known of the cloud afterwards. */
export type Outcome = { readonly operation: SyncOperation; readonly presence: Presence | null } & (
  | { readonly is: 'succeeded'; readonly changed: boolean }
  /**
   * `unfinished`: something may have been done, look first. `lately`: what it is about was made a moment ago and may not be visible yet.
   * `final`: somebody must act, whatever the code. `nameCertain`: whatever else was done, `presence` has the name.
   */
  | { readonly is: 'failed'; readonly error: ProviderError; readonly unfinished: boolean; readonly lately: boolean; readonly final?: boolean; readonly nameCertain?: boolean; readonly awaits?: Awaited }
  | { readonly is: 'skipped'; readonly reason: string; readonly hold?: ConnectionHold; readonly unfinished?: boolean }
  /** `untouched`: nothing was looked at or done; what was open before still is. `unfinished`: as of a failure. */
  | { readonly is: 'waiting'; readonly reason: string; readonly awaits: Awaited; readonly untouched?: boolean; readonly unfinished?: boolean }
  /** Nothing was looked at or done, for a pause began; what was open before still is. */
  | { readonly is: 'paused'; readonly by: StandingPause }
  | { readonly is: 'unconfigured'; readonly reason: string; readonly hold: ConnectionHold | null }
  /** An approved plan asked for it, and it is not what was approved: nothing was written. */
  | { readonly is: 'refused'; readonly why: PlanRefusal; readonly unfinished: boolean }
  /** An approved plan asked for it, and a look found it as approved: the next pass may write. */
  | { readonly is: 'checked' });

export type OutcomeOf<Is extends Outcome['is']> = Extract<Outcome, { is: Is }>;

/** As it is kept in a binding's row. */
export function awaitedKey({ until, resource }: Awaited): string {
  return `${until}:${resource}`;
}

/** The reverse of `awaitedKey`. */
export function awaitedOf(key: string): Awaited {
  const [until, resource = ''] = key.split(':', 2);
  return { until: until as Awaited['until'], resource };
}
