import type { PlanRefusal, SyncOperation, SyncReason } from '@wami/contracts';
import type { ProviderError } from '@wami/provider-port';
import type { StandingPause } from '@wami/domain';
import type { Binding, ConnectionHold, Presence } from '../bindings/binding';

/**
 * What wakes a waiting binding: that another one is there, that it came to rest, whatever became of it, that its name is certain again, or that
 * it is gone from `name`: taken away, or called otherwise.
 */
export type Awaited = { readonly until: 'present' | 'settled' | 'named'; readonly resource: string } | { readonly until: 'gone'; readonly resource: string; readonly name: string };

/**
 * What a pass over a binding came to. `presence`: what is known of the cloud afterwards. `noNameGiven`: it cannot have got the name that it
 * should have by this pass, for what would have given it was refused or not sent. `askedAgain`: that name, where a call
 * before this pass would give it too and may still come about: then it would make a second thing, or move this one, once the name is free.
 * `deletionSent`: the name by which a deletion was sent that nobody answered, or that may not have been the last. `called`: names by which another call was sent that nobody answered. `found`: what others made was found, and is to be asked about next.
 * `issued`: what was made has a secret, which only who asked for it can open. `unknown`: parts, as in `triedEnds`, that were to go soon after a write and that the provider knew none of: they may stand there all the same.
 */
export type Outcome = { readonly operation: SyncOperation; readonly presence: Presence | null; readonly found?: true; readonly noNameGiven?: boolean; readonly askedAgain?: string | undefined; readonly deletionSent?: string; readonly called?: readonly string[]; readonly issued?: Issued; readonly unknown?: Binding['triedEnds'] | undefined } & (
  | { readonly is: 'succeeded'; readonly changed: boolean }
  /**
   * `unfinished`: something may have been done, look first. `lately`: what it is about was made a moment ago and may not be visible yet.
   * `final`: somebody must act, whatever the code. `nameCertain`: whatever else was done, `presence` has the name.
   */
  | { readonly is: 'failed'; readonly error: ProviderError; readonly unfinished: boolean; readonly lately: boolean; readonly final?: boolean; readonly nameCertain?: boolean; readonly awaits?: Awaited }
  /** `directed`: because the tenant does not only push. `awaits`: for that is left out there; once it is there, this goes on. `changed`: all else agrees, and whether something was written for that. */
  | { readonly is: 'skipped'; readonly reason: SyncReason; readonly hold?: ConnectionHold; readonly unfinished?: boolean; readonly directed?: boolean; readonly awaits?: Awaited; readonly changed?: boolean }
  /**
   * `at`: when it goes on by itself, where it waits for time alone. `inVain`: about what it waits for nothing more is done by itself. `untouched`: nothing was done; what was
   * open before still is. `unfinished`: as of a failure. `paused`: whether what it waits for is held by a pause, where that is known.
   */
  | { readonly is: 'waiting'; readonly reason: SyncReason; readonly awaits?: Awaited; readonly at?: number; readonly inVain?: true; readonly untouched?: boolean; readonly unfinished?: boolean; readonly paused?: boolean }
  /** Nothing was looked at or done, for a pause began; what was open before still is. */
  | { readonly is: 'paused'; readonly by: StandingPause }
  | { readonly is: 'unconfigured'; readonly reason: SyncReason; readonly hold: ConnectionHold | null }
  /** An approved plan asked for it, and it is not what was approved: nothing was written. */
  | { readonly is: 'refused'; readonly why: PlanRefusal; readonly unfinished: boolean }
  /** An approved plan asked for it, and a look found it as approved: the next pass may write. */
  | { readonly is: 'checked' });

export interface Issued {
  /** What the provider calls it. */
  readonly id: string;
  readonly sealed: string;
}

export type OutcomeOf<Is extends Outcome['is']> = Extract<Outcome, { is: Is }>;

/** As it is kept in a binding's row. */
export function awaitedKey({ until, resource }: Pick<Awaited, 'until' | 'resource'>): string {
  return `${until}:${resource}`;
}

/** Whose name is waited for by what waits for this, if for one. */
export function nameAwaited(key: string | null): string | undefined {
  const { until, resource } = awaitedOf(key ?? '');
  return until === 'settled' || until === 'gone' ? resource : undefined;
}

/** `nameAwaited` of a column, in SQL. */
export function nameAwaitedSql(column: string): string {
  return `CASE WHEN ${column} LIKE 'settled:%' OR ${column} LIKE 'gone:%' THEN substr(${column}, strpos(${column}, ':') + 1) END`;
}

/** The reverse of `awaitedKey`. */
export function awaitedOf(key: string): Pick<Awaited, 'until' | 'resource'> {
  const [until, resource = ''] = key.split(':', 2);
  return { until: until as Awaited['until'], resource };
}
