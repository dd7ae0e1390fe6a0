import { ProviderError } from '@wami/provider-port';
import { operationOf } from '../bindings/binding';
import type { Action } from '../reconcile/decide';
import { atRest } from '../reconcile/open';
import type { Outcome, OutcomeOf } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import type { Side } from './parts';
import type { Pulled } from './pulled';
import { CHANGED_BOTH, TAKING } from './reasons';

/** Nothing is written: what was seen is on record, and what of it is to become intent. */
export function take(pass: Pass, { operation, presence, reason }: Extract<Action, { do: 'take' }>): Outcome {
  return reason === undefined ? atRest(pass, false, { operation, presence }) : { is: 'skipped', reason, directed: true, operation, presence };
}

/** What was written agrees; what is pulled beside does not yet. */
export function withOpen(outcome: Outcome, pulled: Pulled | undefined): Outcome {
  if (!pulled || !outcome.presence) return outcome;
  const { operation, presence: { pulled: _before, ...record } } = outcome;
  const presence = { ...record, pulled };
  return outcome.is === 'succeeded' ? { is: 'skipped', reason: TAKING, directed: true, operation, presence } : { ...outcome, presence };
}

/** Both sides, for whoever has to decide. */
export function clash({ work: { binding } }: Pass, { existing, conflicts }: Extract<Action, { do: 'clash' }>): OutcomeOf<'failed'> {
  const there = existing && { nativeArn: existing.nativeArn, name: existing.name, providerResourceId: existing.providerResourceId, ...existing.shape.fields, tags: existing.shape.tags };
  const details = { ...(there ? { existing: there } : {}), conflicts: conflicts.slice(0, MOST).map(told) };
  return {
    is: 'failed', error: new ProviderError('Conflict', CHANGED_BOTH, { effect: 'none', details }), unfinished: false, lately: false, final: true, operation: operationOf(binding), presence: binding.presence,
  };
}

const MOST = 100;

function told({ at, base, wanted, found }: Side): object {
  return { at, ...(base === undefined ? {} : { base }), ...(wanted === undefined ? {} : { ours: wanted }), ...(found === undefined ? {} : { theirs: found }) };
}
