import { adapterWords, type SyncOperation, type SyncReason } from '@wami/contracts';
import { NOT_ASKED_FOR } from '@wami/domain';
import { ASKED_BEFORE, holdsNo, operationOf, type ConnectionHold } from '../bindings/binding';
import { standingFacets } from '../bindings/standing';
import { heldByDirection } from '../direction/held';
import { boundaryOf, mayBeLimited, unbounded } from './boundary';
import { isAskedBefore, NOT_HELD_THEN } from '../issued/decide-issued';
import { ownerless } from '../issued/owner';
import { notHeld } from './parts';
import type { Outcome } from './outcome';
import { openPass, type Pass, type Scene } from './pass';
import { moving } from './shape';
import { isLeftOut, leftOutWords, waitingFor } from './waiting-for';
import type { Work } from './work';

/** Why no connection can carry the binding out. */
export interface NoConnection {
  readonly missing: SyncReason;
}

/** Either there is something to ask or to do at the target, or the outcome stands without a call. */
export type Opening = { readonly pass: Pass } | { readonly outcome: Outcome };

/** Everything that can be said before the target is called. Pure. */
export function open(work: Work, scene: Scene | NoConnection): Opening {
  return outOfScope(work, scene) ?? neverThere(work) ?? cannotHold(work, scene as Scene) ?? nothingToDo(openPassOf(work, scene as Scene));
}

function without(work: Work): { operation: SyncOperation; presence: Work['binding']['presence'] } {
  return { operation: operationOf(work.binding), presence: work.binding.presence };
}

function unconfigured(work: Work, reason: SyncReason, hold: ConnectionHold | null): Opening {
  return { outcome: { is: 'unconfigured', reason, hold, ...without(work) } };
}

function outOfScope(work: Work, scene: Scene | NoConnection): Opening | undefined {
  const { binding, lost } = work;
  if (binding.deleted && binding.presence === null && !lost) return undefined;
  if (!binding.wanted) {
    return unconfigured(work, binding.deleted ? 'deleted after this target was given up; what is in the cloud stays as it is'
      : NOT_ASKED_FOR, null);
  }
  return 'missing' in scene ? unconfigured(work, scene.missing, scene.missing) : undefined;
}

/** A deleted resource that never reached this target. */
function neverThere({ binding, lost }: Work): Opening | undefined {
  return binding.deleted && binding.presence === null && !lost
    ? { outcome: { is: 'succeeded', operation: 'delete', changed: false, presence: null } } : undefined;
}

function cannotHold(work: Work, { capabilities, target }: Scene): Opening | undefined {
  const { kind } = work.binding;
  const capability = capabilities.find((declared) => declared.kind === kind);
  if (capability?.supported && target.handler(kind)) return work.binding.deleted || capability.bounded ? undefined : cannotLimit(work);
  const hold = capability?.byConnection ? { hold: holdsNo(kind) } : {};
  return { outcome: { is: 'skipped', reason: capability?.reason === undefined ? `the provider cannot hold a ${kind}` : adapterWords(capability.reason), ...hold, unfinished: work.lost, ...without(work) } };
}

/** Nor can one be taken away then that was set while it could. */
function cannotLimit(work: Work): Opening | undefined {
  if (boundaryOf(work.resource) === undefined && !mayBeLimited(work)) return undefined;
  const reason = boundaryOf(work.resource) === undefined ? 'a permissions boundary that it is to have no more limits it still, and as it is connected now the provider cannot take that away'
    : 'the provider cannot limit it by a permissions boundary, and without one this could do more than it may';
  return { outcome: { is: 'skipped', reason, unfinished: work.lost, ...without(work) } };
}

function openPassOf(work: Work, scene: Scene): Pass | undefined {
  const handler = scene.target.handler(work.binding.kind);
  return handler && openPass(work, handler, scene);
}

function nothingToDo(pass: Pass | undefined): Opening {
  if (pass === undefined) throw new Error('a kind without a handler is skipped before');
  const { work } = pass;
  if (isAskedBefore(pass)) return refused(pass) ?? { outcome: { is: 'skipped', reason: NOT_HELD_THEN, hold: ASKED_BEFORE, ...without(work) } };
  const held = heldByDirection(pass);
  if (held) return { outcome: held };
  const waits = ownerless(pass);
  if (waits) return waits;
  if (work.binding.deleted) return { pass };
  return refused(pass) ?? unbounded(pass) ?? cannotTell(pass) ?? (pass.remembered && (!pass.changes || work.config.direction === 'pull') && !work.binding.presence?.missing && !work.lost && work.binding.verifySince === null ? { outcome: atRest(pass, false) } : { pass });
}

/** What the cloud forbids is found before it is called. */
function refused({ work, handler, wanted }: Pass): Opening | undefined {
  const error = handler.check(wanted.desired);
  if (error === undefined) return undefined;
  if (error.code === 'Unsupported') return { outcome: { is: 'skipped', reason: adapterWords(error.message), unfinished: work.lost, ...without(work) } };
  return { outcome: { is: 'failed', error, unfinished: work.lost, lately: false, ...without(work) } };
}

/** What an unfinished attempt did to relations is seen by the names of their other ends; while one has no certain name a look would overlook it. */
function cannotTell({ work }: Pass): Opening | undefined {
  const { lost, binding: { presence, triedEnds } } = work;
  const [first] = lost ? moving(work, [presence && standingFacets(presence), triedEnds, work.relations].flatMap((ends) => Object.values(ends ?? {}).flat())) : [];
  return first && { outcome: { ...waitingFor(work, first), untouched: true, ...without(work) } };
}

/** All that can be done is done: agreed, waiting for the ends of relations that are not there yet, or without relations that the adapter cannot make, or to what is left out there. */
export function atRest(pass: Pass, changed: boolean, as: { operation: SyncOperation; presence: Work['binding']['presence'] } = without(pass.work)): Outcome {
  const { work, wanted, handler } = pass;
  const first = wanted.blocked.find((awaits) => !isLeftOut(work, awaits));
  const [leftOut, ...others] = wanted.blocked;
  const missing = [...Object.keys(work.relations).filter((facet) => !handler.facets.includes(facet)), ...notHeld(pass)];
  if (first === undefined && missing.length > 0) return { is: 'skipped', reason: `its ${missing.join(' and ')} are not there, for the adapter cannot hold them; ${work.withheld ? `held by the guard: ${work.withheld.approval}` as const : 'all else is'}`, changed, ...(leftOut ? { awaits: leftOut } : {}), ...as };
  if (first === undefined && leftOut) return { is: 'skipped', reason: `not related to ${leftOutWords(work, [leftOut, ...others])}, for that is Skipped at this target; ${work.withheld ? `held by the guard: ${work.withheld.approval}` as const : 'all else is as it is to be'}`, changed, awaits: leftOut, ...as };
  if (first === undefined) return { is: 'succeeded', changed, ...as };
  return { ...waitingFor(work, first), ...as };
}
