import type { PlanRefusal } from '@wami/contracts';
import { operationOf } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import type { Action } from '../reconcile/decide';
import type { Outcome, OutcomeOf } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import { moving } from '../reconcile/shape';
import type { Work } from '../reconcile/work';
import { waitingFor } from '../reconcile/waiting-for';
import { desiredFingerprint, observedFingerprint } from './fingerprint';

/** Why a pass that an approved plan asked for may not even look; undefined where it may, or where no plan asked. Pure. */
export function refusedBeforeLook(work: Work, now: number): Outcome | undefined {
  const { plan } = work.binding;
  if (plan === null) return undefined;
  if (!hasBegun(work) && now > plan.expiresAt) return refused(work, 'expired');
  return desiredFingerprint(work) === plan.desired ? undefined : refused(work, 'desired-moved');
}

/**
 * The outcome where what was approved may not be written, or not yet: a first pass only looks, and the one after it, which is on record
 * as an attempt, looks again and writes. Undefined where the pass may go on; what writes nothing always may. Pure.
 */
export function gate(pass: Pass, found: Parameters<typeof observedFingerprint>[0], action: Action): Outcome | undefined {
  const { work, observeOnly } = pass;
  const { plan, presence } = work.binding;
  if (plan === null || action.do === 'nothing' || action.do === 'take' || action.do === 'forget' || action.do === 'look-again') return undefined;
  if (observeOnly) return refused(work, 'observe-only');
  if (hasBegun(work)) return undefined;
  const [first] = moving(work, [presence && standingFacets(presence), work.relations].flatMap((ends) => Object.values(ends ?? {}).flat()));
  if (first) return { ...waitingFor(work, first), operation: operationOf(work.binding), presence, untouched: true };
  if (observedFingerprint(found, work) !== plan.observed) return refused(work, 'observed-moved');
  return plan.checked ? undefined : { is: 'checked', operation: operationOf(work.binding), presence };
}

/** Its own attempt may have changed the target. */
function hasBegun({ lost, binding: { plan } }: Work): boolean {
  return plan?.begun === true || (plan?.checked === true && lost && plan.lostBefore !== true);
}

function refused({ lost, binding }: Work, why: PlanRefusal): OutcomeOf<'refused'> {
  return { is: 'refused', why, unfinished: lost, operation: operationOf(binding), presence: binding.presence };
}
