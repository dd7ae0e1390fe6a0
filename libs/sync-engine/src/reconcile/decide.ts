import { OWNER, type Changes, type Observed, type OwnershipMark } from '@wami/provider-port';
import type { SyncOperation, SyncReason } from '@wami/contracts';
import type { Presence } from '../bindings/binding';
import { isBothWays } from '../direction/both-ways';
import { directed } from '../direction/directed';
import type { Side } from '../direction/parts';
import type { Pulled } from '../direction/pulled';
import { isMerging, merge } from '../merge/merge';
import { isNothing, type Taken } from '../merge/taken-over';
import { isSecretLost, mayBeIssued, replacedSecret, wasIssued, withdrawn } from '../issued/decide-issued';
import { claimsParts, leaving, takenParts, unseenParts } from './parts';
import { lostItsMark, ownerOf } from './ownership';
import type { Pass } from './pass';
import { lastAskedFor } from './presence';
import { NO_CHANGES, changesBetween, facetsWritten, isEmpty, observedShape, type ComparedShape } from './shape';

/** What is known of the target right now: nothing fresh, nothing there, or this. */
export type Seen = { readonly looked: false } | { readonly looked: true; readonly found: Observed | undefined };

export type Action =
  | { readonly do: 'nothing'; readonly operation: SyncOperation; readonly observed?: Observed }
  | { readonly do: 'create' }
  /** `leaves`: fields of parts under whose names others have theirs. */
  | { readonly do: 'update'; readonly operation: 'create' | 'update' | 'adopt'; readonly observed: Observed; readonly changes: Changes; readonly looked: boolean; readonly takes?: Taken; readonly pulled?: Pulled; readonly leaves?: readonly string[] }
  /** Nothing is written: what stands there is what was agreed, or becomes intent. Without a reason it agrees. */
  | { readonly do: 'take'; readonly operation: 'update' | 'adopt'; readonly presence: Presence; readonly reason?: SyncReason }
  /** The same was changed here and at the target. */
  | { readonly do: 'clash'; readonly existing: Observed | undefined; readonly conflicts: readonly Side[] }
  /** `seen`: not only remembered. `anew`: it is wanted, and made again after: an attempt of ours made it, or what others made is replaced. */
  | { readonly do: 'delete'; readonly observed: Observed; readonly seen: boolean; readonly anew?: 'ours' | 'others' }
  /** Deleted here, and nothing of ours is there. `left`: something that is not ours stands there and stays. */
  | { readonly do: 'forget'; readonly left: boolean }
  /** An unfinished attempt may have left it under another name, and it may only not be visible yet: nothing is done before that is certain. */
  | { readonly do: 'look-again' }
  /** `presence`: what is on record all the same; left out: nothing. `unfinished`: what an attempt before may have made may stand there. */
  | { readonly do: 'skip'; readonly reason: SyncReason; readonly presence?: Presence | null; readonly unfinished?: boolean }
  /** Somebody else's unmarked thing stands in the way, and the tenant wants to be told. */
  | { readonly do: 'conflict'; readonly existing: Observed }
  /** The very thing that it was imported for is not there any more, or not free to take. */
  | { readonly do: 'cannot-adopt' }
  /** The name belongs to something else that WAMI manages; no strategy overrides that. */
  | { readonly do: 'name-taken'; readonly by: OwnershipMark };

export interface Ages {
  readonly now: number;
  readonly ownershipMs: number;
  readonly visibilityMs: number;
  readonly sightMs: number;
}

/** Which facets to read before deciding, or undefined where a look is not needed. Pure. */
export function lookNeeded(pass: Pass, { now, ownershipMs }: Ages): readonly string[] | undefined {
  const { work, handler, changes, remembered, wanted, adoption } = pass;
  const { binding, lost } = work;
  const used = handler.facets.filter((facet) => [wanted.facets, remembered?.facets, binding.triedEnds].some((ends) => (ends?.[facet]?.length ?? 0) > 0));
  if (binding.deleted) return [];
  if (binding.verifySince !== null) return handler.facets;
  if (binding.presence?.missing || (isBothWays(work) && changes !== undefined)) return handler.facets;
  if (isMerging(work) && lost && binding.presence === null) return handler.facets;
  if (lost || work.nameDoubted || adoption) return used;
  if (binding.presence === null || changes === undefined) return undefined;
  if (claimsParts(pass)) return facetsWritten(changes);
  if (binding.presence.adopted && facetsWritten(changes).length > 0) return facetsWritten(changes);
  return now - binding.presence.observedAt > ownershipMs ? facetsWritten(changes) : undefined;
}

/** What to do, from what is wanted and what is there. Pure. */
export function decide(pass: Pass, seen: Seen, ages: Ages): Action {
  return directed(pass, seen, decidePush(pass, seen, ages), ages.now);
}

function decidePush(pass: Pass, seen: Seen, ages: Ages): Action {
  if (pass.work.binding.deleted) return decideDeletion(pass, seen, ages);
  if (mayNotLeaveItsName(pass, seen, ages)) return { do: 'look-again' };
  if (!seen.looked) return decideUnseen(pass);
  const { found } = seen;
  const owner = found && ownerOf(found, pass.reference.mark, pass.work.binding.presence);
  if (found && owner === 'ours' && isSecretLost(pass)) return { do: 'delete', observed: found, seen: true, anew: 'ours' };
  if (found && owner === 'ours') return mayMove(pass, found, ages) || isOfBefore(pass, found, ages) ? { do: 'look-again' } : repair(pass, found, ages);
  if (mayAppear(pass, ages) || isUnseenUnder(pass, ages) || mayBeIssued(pass, ages)) return { do: 'look-again' };
  if (wasIssued(pass)) return withdrawn(pass, ages);
  if (pass.adoption) return adopt(pass, found, owner === 'nobodys');
  // What was ours carries another's mark by now, and stands beside the name that ours should have.
  if (found === undefined || (owner === 'anothers' && found.name !== pass.wanted.desired.name)) return { do: 'create' };
  if (mayGetItsName(pass, ages)) return { do: 'look-again' };
  return owner === 'anothers' ? { do: 'name-taken', by: found.mark as OwnershipMark } : settleConflict(pass, found);
}

/** The name that the pass gives, where a call before it may still give the same. Pure. */
export function askedAgain({ work: { lost, triedBefore }, wanted: { desired: { name } } }: Pass, { now, sightMs }: Ages): string | undefined {
  return lost && now - (triedBefore?.[name] ?? -Infinity) < sightMs ? name : undefined;
}

/** A call that would make it, or give it the name, may still come about beside what stands already. Pure. */
export function mayAppearBeside({ work: { binding } }: Pass, { now, sightMs }: Ages, name?: string): boolean {
  return Object.entries(binding.askedAgain).some(([asked, at]) => (name === undefined || asked === name) && now - at < sightMs);
}

/** Another has the name that it should have; once that is gone a call before this pass may still make it there. */
function mayGetItsName(pass: Pass, ages: Ages): boolean {
  return askedAgain(pass, ages) !== undefined || mayAppearBeside(pass, ages, pass.wanted.desired.name);
}

/** While it has that name such a call is refused; under another one there would be two of it. */
function mayNotLeaveItsName(pass: Pass, seen: Seen, ages: Ages): boolean {
  const { reference: { mark }, wanted, work: { binding: { presence } } } = pass;
  const ours = seen.looked && seen.found && ownerOf(seen.found, mark, presence) === 'ours' ? seen.found : presence;
  return ours !== null && ours.name !== wanted.desired.name && mayAppearBeside(pass, ages, ours.name);
}

/** Under the name that it should have a create finds out by itself; under another one, or where nothing is to be created, only time tells. */
function mayAppear(pass: Pass, ages: Ages): boolean {
  const { work: { binding: { tried, deleted } }, wanted } = pass;
  const { now, sightMs } = ages;
  return (deleted && mayAppearBeside(pass, ages)) || Object.entries(tried).some(([name, at]) => (deleted || name !== wanted.desired.name) && now - at < sightMs);
}

/** A rename to a name that is not wanted any more may still be on its way: what is called by its present name now would be lost sight of. */
function mayMove({ work: { binding: { tried } }, wanted }: Pass, found: Observed, { now, sightMs }: Ages): boolean {
  return Object.entries(tried).some(([name, at]) => name !== wanted.desired.name && name !== found.name && now - at < sightMs);
}

/** What we made or wrote on a moment ago, or may have, stands under another name than it should have, and is not visible there yet: a create would make a second one. */
function isUnseenUnder({ work, wanted }: Pass, { now, visibilityMs }: Ages): boolean {
  const { presence } = work.binding;
  if (presence === null || presence.name === wanted.desired.name) return false;
  const { createdAt = -Infinity, writtenAt = -Infinity } = presence;
  return now - Math.max(createdAt, writtenAt, lastAskedFor(work) ?? -Infinity) < visibilityMs;
}

/** Called by the name that a late look shows, while an attempt before may have given it another one. Pure. */
export function mayStandElsewhere({ work: { lost, binding: { tried } } }: Pass, { name }: Observed, { now, sightMs }: Ages): boolean {
  return lost && Object.entries(tried).some(([other, at]) => other !== name && now - at < sightMs);
}

function decideUnseen(pass: Pass): Action {
  const { work: { binding: { presence } }, changes } = pass;
  if (presence === null) return { do: 'create' };
  return changes ? { do: 'update', operation: 'update', observed: rememberedThing(pass), changes, looked: false } : { do: 'nothing', operation: 'update' };
}

/** It is ours: a create whose answer was lost, or what we made before. */
function repair(pass: Pass, found: Observed, ages: Ages): Action {
  const { work, remembered } = pass;
  const { presence } = work.binding;
  if (presence === null && isMerging(work) && !pass.adoption) return mergeOurs(pass, found);
  const operation = presence !== null ? 'update' : pass.adoption ? 'adopt' : 'create';
  const { changes, leaves } = changesFrom(pass, withUnseen(pass, observedShape(found, remembered, work), ages));
  const adopt = lostItsMark(found, presence);
  if (!changes && !adopt && !leaves) return { do: 'nothing', operation, observed: found };
  return { do: 'update', operation, observed: found, changes: { ...(changes ?? NO_CHANGES), ...(adopt ? { adopt } : {}) }, looked: true, ...(leaves ? { leaves } : {}) };
}

function withUnseen(pass: Pass, seen: ComparedShape, ages: Ages): ComparedShape {
  return { ...seen, fields: { ...seen.fields, ...unseenParts(pass, ages) } };
}

/** Parts of others under names that ours should have are left to them. */
function changesFrom({ work, wanted }: Pass, seen: ComparedShape): { readonly changes: Changes | undefined; readonly leaves?: readonly string[] } {
  const leaves = takenParts(work, seen.fields, wanted.fields);
  const changes = changesBetween(leaving(seen, wanted.fields, leaves), wanted, work);
  return leaves.length === 0 ? { changes } : { changes, leaves };
}

/** Merged by an attempt whose answer was lost, or made by one: then there is nothing to take over. */
function mergeOurs(pass: Pass, found: Observed): Action {
  const action = merge(pass, found);
  const { adopt, ...rest } = action.changes;
  const changes: Changes = lostItsMark(found, null) ? { ...rest, adopt: adopt === true } : rest;
  if (isEmpty(changes) && !changes.adopt && isNothing(action.takes)) return { do: 'nothing', operation: 'create', observed: found };
  return { ...action, changes };
}

/** Why an imported resource cannot stand for what it was imported for. */
export const NOT_THERE = 'what was imported is not there any more: it was deleted, renamed or replaced at the target since';

/** Nothing is taken away from what people brought with it. */
function adopt(pass: Pass, found: Observed | undefined, isFree: boolean): Action {
  if (!found || !isFree || found.obstacle || found.providerResourceId !== pass.adoption?.providerResourceId) {
    return pass.work.binding.strategy === 'skip' ? { do: 'skip', reason: NOT_THERE } : { do: 'cannot-adopt' };
  }
  const { changes = NO_CHANGES, ...rest } = changesFrom(pass, observedShape(found, undefined, pass.work));
  return { do: 'update', operation: 'adopt', observed: found, changes: { ...changes, removeTags: [], removeFrom: {}, adopt: true }, looked: true, ...rest };
}

function settleConflict(pass: Pass, found: Observed): Action {
  const { work, wanted } = pass;
  const replaced = replacedSecret(pass, found);
  if (replaced) return replaced;
  switch (work.binding.strategy ?? work.config.conflictResolution) {
    case 'skip': return { do: 'skip', reason: 'something of this name stands there already and is not managed by WAMI' };
    case 'fail': return { do: 'conflict', existing: found };
    case 'merge': return merge(pass, found);
    case 'overwrite': {
      const changes = changesBetween(observedShape(found, undefined, work), wanted, work) ?? NO_CHANGES;
      return { do: 'update', operation: 'adopt', observed: found, changes: { ...changes, adopt: true }, looked: true };
    }
  }
}

function decideDeletion(pass: Pass, seen: Seen, ages: Ages): Action {
  const { now, visibilityMs, sightMs } = ages;
  const { lost, binding: { presence } } = pass.work;
  const found = seen.looked ? seen.found : undefined;
  if (found && ownerOf(found, pass.reference.mark, presence) === 'ours') return isAnothersByNow(pass, ages) || isOfBefore(pass, found, ages) ? { do: 'look-again' } : { do: 'delete', observed: found, seen: true };
  if (mayAppear(pass, ages)) return { do: 'look-again' };
  const age = now - (presence?.createdAt ?? -Infinity);
  const rest = Math.min(age, now - (presence?.writtenAt ?? -Infinity));
  // Under the name that it should have got; ours may stand under its own and not be visible yet.
  const isBeside = age < visibilityMs && found?.name !== presence?.name;
  // Under its own name, which ours got a moment ago: more likely who had it before than who has it by now.
  if (found && !isBeside) return rest < (lost ? sightMs : visibilityMs) ? { do: 'look-again' } : { do: 'forget', left: true };
  // An unfinished attempt may have deleted it; whoever has its name by now must not be deleted in its stead.
  if (lost) return rest < sightMs ? { do: 'look-again' } : { do: 'forget', left: found !== undefined };
  if (isAnothersByNow(pass, ages)) return { do: 'look-again' };
  // Made a moment ago and not seen: more likely not visible yet than gone, and deleting the absent costs one call.
  if (age < visibilityMs) return { do: 'delete', observed: rememberedThing(pass), seen: false };
  // Written on a moment ago and not seen: perhaps not visible yet under the name that it got.
  return rest < sightMs ? { do: 'look-again' } : { do: 'forget', left: false };
}

/** What has its name may be who got it a moment ago, whatever a look shows. */
function isAnothersByNow({ work: { nameGivenAt } }: Pass, { now, visibilityMs }: Ages): boolean {
  return nameGivenAt !== undefined && now - nameGivenAt < visibilityMs;
}

/** Seen under a name that it had before we gave it another: who is called by that name now is not there, or is who got it meanwhile. */
function isOfBefore({ work: { lost, resource, binding: { presence }, triedBefore } }: Pass, { name }: Observed, { now, visibilityMs }: Ages): boolean {
  if (presence === null || name === presence.name || triedBefore?.[name] !== undefined || (lost && name === resource.id)) return false;
  return now - (presence.writtenAt ?? -Infinity) < visibilityMs;
}

/** What we hold on record, in the form of an observation; what it belongs to is called as it is now. */
function rememberedThing({ work, reference: { mark, owner, ownerResourceId } }: Pass): Observed {
  const { presence } = work.binding;
  if (presence === null) throw new Error('nothing is on record');
  const { providerResourceId, nativeArn, name, fields, tags, unmarked } = presence;
  return { providerResourceId, nativeArn, name, ...(unmarked ? {} : { mark }), ...(ownerResourceId === undefined ? {} : { ownerResourceId }), facetsRead: [],
    shape: { fields: owner === undefined ? fields : { ...fields, [OWNER]: owner }, tags, facets: {} } };
}
