import { isWithinTenant, type SyncReason } from '@wami/contracts';

/** What a pause is about: a tenant with its children ('' is every tenant) and, of that, what fits all that is given. */
export interface PauseSelection {
  readonly tenant: string;
  readonly provider?: string;
  readonly account?: string;
  readonly resource?: string;
}

/** A pause that was not ended. */
export interface StandingPause extends PauseSelection {
  readonly id: string;
  /** RFC 3339 in UTC; from then on it holds nothing more. */
  readonly until?: string;
}

type Paused = Required<PauseSelection>;
const CONDITIONS = ['provider', 'account', 'resource'] as const;

/** Whether everything that the first selects is selected by the second; of one binding: whether it is selected. */
export function isSelectedBy(inner: PauseSelection, outer: PauseSelection): boolean {
  return isWithinTenant(inner.tenant, outer.tenant) && CONDITIONS.every((name) => outer[name] === undefined || outer[name] === inner[name]);
}

/** Whether there may be a binding that both select. */
export function selectionsMeet(a: PauseSelection, b: PauseSelection): boolean {
  const related = isWithinTenant(a.tenant, b.tenant) || isWithinTenant(b.tenant, a.tenant);
  return related && CONDITIONS.every((name) => a[name] === undefined || b[name] === undefined || a[name] === b[name]);
}

/** `now`: milliseconds since the epoch. */
export function isStanding({ until }: Pick<StandingPause, 'until'>, now: number): boolean {
  return until === undefined || Date.parse(until) > now;
}

/** Of the pauses that hold a binding now, the one that lasts longest: nothing goes on before it is over. `now`: milliseconds since the epoch. */
export function pauseHolding<P extends StandingPause>(pauses: readonly P[], binding: Paused, now: number): P | undefined {
  const holding = pauses.filter((pause) => isStanding(pause, now) && isSelectedBy(binding, pause));
  return holding.reduce<P | undefined>((longest, pause) => (longest === undefined || lastsLonger(pause, longest) ? pause : longest), undefined);
}

function lastsLonger(a: StandingPause, b: StandingPause): boolean {
  if (a.until === b.until) return a.id < b.id;
  return a.until === undefined || (b.until !== undefined && a.until > b.until);
}

/** For the state of what is held; who paused it and why is told by the pause itself, to who may see that. */
export function pausedReason({ id, until }: Pick<StandingPause, 'id' | 'until'>): SyncReason {
  return until === undefined ? `paused by ${id} until somebody resumes` : `paused by ${id} until ${until}`;
}
