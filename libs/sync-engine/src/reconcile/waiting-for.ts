import type { Awaited, OutcomeOf } from './outcome';
import type { EndStatus, Work } from './work';

export function waitingFor({ ends }: Work, awaits: Awaited): Pick<OutcomeOf<'waiting'>, 'is' | 'reason' | 'inVain'> & { readonly awaits: Awaited } {
  const end = ends.get(awaits.resource);
  const who = `${end?.kind ?? 'resource'}/${awaits.resource}`;
  return { is: 'waiting', reason: awaits.until === 'named' ? `waiting for the name of ${who} to be certain` : `waiting for ${who}`, awaits, ...(endRests(end) ? { inVain: true } : {}) };
}

/** It is waited for, and nothing more is done about it by itself. */
export function endRests(end: EndStatus | undefined): boolean {
  return (end?.is === 'pending' || end?.is === 'moving') && end.rests === true;
}
