import type { Observed } from '@wami/provider-port';
import { ASKED_BEFORE } from '../bindings/binding';
import type { Action, Ages } from '../reconcile/decide';
import type { Pass } from '../reconcile/pass';

/** An attempt made it and its answer was lost, and with that the secret: nobody can ever use it. Pure. */
export function isSecretLost({ handler, work: { binding: { presence } } }: Pass): boolean {
  return handler.prepare !== undefined && presence === null;
}

/** What was sent and never answered may still make one; a create would make a second beside it, for there is no name that could be taken. Pure. */
export function mayBeIssued({ handler, work: { lost, triedBefore = {}, binding: { presence } } }: Pass, { now, sightMs }: Ages): boolean {
  return handler.prepare !== undefined && presence === null && lost && Object.values(triedBefore).some((at) => now - at < sightMs);
}

export function wasIssued({ handler, work: { binding: { presence } } }: Pass): boolean {
  return handler.prepare !== undefined && presence !== null;
}

/** Nobody here knows the secret of what others made, so it cannot be taken over or merged: it is replaced, or left. Undefined where the other rules hold. Pure. */
export function replacedSecret({ handler, work: { binding, config } }: Pass, found: Observed): Action | undefined {
  const strategy = binding.strategy ?? config.conflictResolution;
  if (handler.prepare === undefined || strategy === 'skip' || strategy === 'fail') return undefined;
  return strategy === 'overwrite' ? { do: 'delete', observed: found, seen: true, anew: 'others' } : { do: 'conflict', existing: found };
}

/** What is deleted here is left at the target. Never what is made with a secret: who deletes that means that nobody gets in by it any more. Pure. */
export function staysThere({ handler, work: { config } }: Pass): boolean {
  return handler.prepare === undefined && config.deletionPolicy === 'orphan';
}

export const WITHDRAWN = 'it was deleted at the target, and another would have another secret';

/** Somebody deleted it, or it is not visible yet. Pure. */
export function withdrawn({ work: { binding: { presence } } }: Pass, { now, visibilityMs }: Ages): Action {
  if (presence === null || now - (presence.createdAt ?? -Infinity) < visibilityMs) return { do: 'look-again' };
  return { do: 'skip', reason: WITHDRAWN, presence: { ...presence, missing: true } };
}

/** It was left out while the adapter could not hold it, and by now nobody may have what opens its secret. Pure. */
export function isAskedBefore({ handler, work: { lost, binding: { connectionHold, deleted, presence } } }: Pass): boolean {
  return handler.prepare !== undefined && connectionHold === ASKED_BEFORE && presence === null && !deleted && !lost;
}

export const NOT_HELD_THEN = 'it was asked for before this target could hold it, and perhaps nobody waits for its secret any more';
