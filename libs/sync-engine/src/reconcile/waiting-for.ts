import type { Awaited, OutcomeOf } from './outcome';
import type { Work } from './work';

export function waitingFor({ ends }: Work, awaits: Awaited): Pick<OutcomeOf<'waiting'>, 'is' | 'reason'> & { readonly awaits: Awaited } {
  const who = `${ends.get(awaits.resource)?.kind ?? 'resource'}/${awaits.resource}`;
  return { is: 'waiting', reason: awaits.until === 'named' ? `waiting for the name of ${who} to be certain` : `waiting for ${who}`, awaits };
}
