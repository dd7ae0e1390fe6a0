import type { SyncReason } from '@wami/contracts';
import type { Awaited, OutcomeOf } from './outcome';
import type { EndStatus, Work } from './work';

export function waitingFor({ ends }: Work, awaits: Awaited): Pick<OutcomeOf<'waiting'>, 'is' | 'reason' | 'inVain' | 'paused'> & { readonly awaits: Awaited } {
  const end = ends.get(awaits.resource);
  const who = `${end?.kind ?? 'resource'}/${awaits.resource}`;
  const paused = end && 'paused' in end ? end.paused : undefined;
  return { is: 'waiting', reason: reasonOf(awaits, who, paused === true), awaits, ...(endRests(end) ? { inVain: true } : {}), ...(paused === undefined ? {} : { paused }) };
}

function reasonOf({ until }: Awaited, who: string, paused: boolean): SyncReason {
  if (until === 'named') return paused ? `waiting for the name of ${who}, which is paused, to be certain` : `waiting for the name of ${who} to be certain`;
  return paused ? `waiting for ${who}, which is paused` : `waiting for ${who}`;
}

/** It is not there, on purpose: whoever needs it goes without until it is. */
export function isLeftOut({ ends }: Pick<Work, 'ends'>, { resource }: Pick<Awaited, 'resource'>): boolean {
  const end = ends.get(resource);
  return end?.is === 'pending' && end.leftOut === true;
}

/** `policy/pol_1`, `policy/pol_1 and 2 more`. */
export function leftOutWords({ ends }: Pick<Work, 'ends'>, [first, ...rest]: readonly [Awaited, ...Awaited[]]): string {
  const name = `${ends.get(first.resource)?.kind ?? 'resource'}/${first.resource}`;
  return rest.length === 0 ? name : `${name} and ${rest.length} more`;
}

/** It is waited for, and nothing more is done about it by itself. */
export function endRests(end: EndStatus | undefined): boolean {
  return (end?.is === 'pending' || end?.is === 'moving') && end.rests === true;
}
