import type { Observed } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import type { Action, Seen } from '../reconcile/decide';
import { ownerOf } from '../reconcile/ownership';
import type { Pass } from '../reconcile/pass';
import { bothWays, isMadeAgain, strategyOf } from './both-ways';
import { pull } from './pull';
import { CHANGED_HERE, DELETED_HERE, DELETED_THERE, LEFT_BOTH } from './reasons';

/** What is done instead where the tenant does not only push. Pure. */
export function directed(pass: Pass, seen: Seen, action: Action, now: number): Action {
  const { work: { config: { direction } } } = pass;
  if (direction === 'push' || (action.do === 'nothing' && !seen.looked) || action.do === 'forget' || action.do === 'look-again') return action;
  return direction === 'pull' ? pulling(pass, seen, action, now) : bidirectional(pass, seen, action, now);
}

/** Whatever it comes to, nothing is written. */
function pulling(pass: Pass, seen: Seen, action: Action, now: number): Action {
  const { work: { lost, binding: { deleted, presence } }, adoption } = pass;
  // What was made and never heard of is looked for again when the tenant pushes, or deletes it.
  if (deleted) return { do: 'skip', reason: DELETED_HERE, presence, unfinished: lost };
  const found = seen.looked ? seen.found : undefined;
  if (found && (isOurs(pass, found) || (adoption && action.do === 'update'))) return pull(pass, found, now);
  if (presence !== null) return seen.looked ? missing(presence) : { do: 'skip', reason: CHANGED_HERE, presence };
  return action.do === 'create' || action.do === 'update' || action.do === 'delete' ? { do: 'skip', reason: CHANGED_HERE, unfinished: lost } : action;
}

/** What is deleted here is deleted there; what was never there, or is looked at because an attempt was cut off, has no two sides. */
function bidirectional(pass: Pass, seen: Seen, action: Action, now: number): Action {
  const { work: { lost, binding: { deleted, presence } } } = pass;
  if (deleted || !seen.looked || presence === null) return action;
  if (seen.found && isOurs(pass, seen.found)) return bothWays(pass, seen.found, action, now);
  if (lost || isMadeAgain(pass)) return action;
  if (pass.changes === undefined) return missing(presence);
  if (strategyOf(pass) === 'skip') return { do: 'skip', reason: LEFT_BOTH, presence };
  return { do: 'clash', existing: undefined, conflicts: [{ at: 'thing', base: presence.name, wanted: pass.wanted.desired.name, found: undefined }] };
}

/** It is looked for again before anything is said of it. */
function missing(presence: Presence): Action {
  return { do: 'skip', reason: DELETED_THERE, presence: { ...presence, missing: true } };
}

function isOurs({ reference, work: { binding: { presence } } }: Pass, found: Observed): boolean {
  return ownerOf(found, reference.mark, presence) === 'ours';
}
