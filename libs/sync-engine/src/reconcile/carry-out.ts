import type { SyncOperation } from '@wami/contracts';
import { isProviderError, partsIn, withoutParts, type Applied, type Changes, type Observed } from '@wami/provider-port';
import { OBSERVE_ONLY, type Presence } from '../bindings/binding';
import { skipped } from '../direction/held';
import { clash, take, withOpen } from '../direction/outcomes';
import { withKnownEnds } from '../drift/known-ends';
import { protectedBy } from '../guard/protected';
import { isMerging } from '../merge/merge';
import type { Taken } from '../merge/taken-over';
import { staysThere } from '../issued/decide-issued';
import { issue } from '../issued/issue';
import { gate } from '../plans/gate';
import { callsOf } from './calls-of';
import { cannotAdopt, conflictWith, HOLDER_UNSEEN, nameGoing, nameTaken } from './conflict';
import { askedAgain, decide, lookNeeded, mayAppearBeside, mayStandElsewhere, type Action, type Ages } from './decide';
import { failedCall } from './failed-call';
import { decided, unknownParts, withTaken } from './parts';
import { lookAgain } from './look-again';
import { atRest } from './open';
import type { Outcome, OutcomeOf } from './outcome';
import type { Pass } from './pass';
import { lastAskedFor, presenceAfter } from './presence';
import { isEmpty } from './shape';
import type { Stage } from './stage';
import { namesOf } from './work';

/** Does what was decided, and says what came of it. */
export function carryOut(pass: Pass, action: Action, stage: Stage): Promise<Outcome> | Outcome {
  if (pass.observeOnly && isWrite(action)) return wouldDo(pass, action);
  switch (action.do) {
    case 'nothing': return rest(pass, action, stage);
    case 'create': return create(pass, stage);
    case 'update': return update(pass, action, stage);
    case 'delete': return action.anew ? discard(pass, action, stage) : staysThere(pass) ? orphan(pass, action, stage) : remove(pass, action, stage);
    case 'forget': return forget(pass, action.left, stage);
    case 'look-again': return { ...lookAgain(pass, 'what an unfinished attempt may have done is not visible yet'), unfinished: !isOnlyCompared(pass) };
    case 'skip': return action.presence ? skipped(pass.work.binding, action.reason, action.presence) : { is: 'skipped', reason: action.reason, operation: 'create', presence: null, unfinished: action.unfinished ?? false };
    case 'take': return take(pass, action);
    case 'clash': return clash(pass, action);
    case 'conflict': return conflictWith(action.existing);
    case 'cannot-adopt': return cannotAdopt();
    case 'name-taken': return nameTaken(pass, action.by, null, stage);
  }
}

type Write = Extract<Action, { do: 'create' | 'update' | 'delete' }>;

function isWrite(action: Action): action is Write {
  return action.do === 'create' || action.do === 'update' || action.do === 'delete';
}

function wouldDo({ work }: Pass, action: Write): Outcome {
  const operation = action.do === 'update' ? action.operation : action.do;
  return { is: 'skipped', reason: `connection is in observe mode: would ${operation}`, hold: OBSERVE_ONLY, operation, presence: work.binding.presence };
}

function rest(pass: Pass, { operation, observed }: Extract<Action, { do: 'nothing' }>, { clock }: Stage): Outcome {
  const presence = observed ? presenceAfter(pass, observed, clock.now(), {}) : pass.work.binding.presence;
  return atRest(pass, false, { operation, presence });
}

async function create(pass: Pass, stage: Stage): Promise<Outcome> {
  const { handler, wanted } = pass;
  const later = nameGoing(pass, 'create', stage);
  if (later) return later;
  const parts = Object.values(wanted.desired.facets).flat().length + Object.keys(partsIn(wanted.fields)).length;
  try {
    const issuing = handler.prepare ? await issue(pass, handler.prepare.bind(handler), stage) : undefined;
    const applied = await stage.caller.call('create', 1 + parts, (context) => handler.create(wanted.desired, context));
    return { ...applied_(pass, 'create', applied, stage, { created: true }), askedAgain: askedAgain(pass, stage.ages()), ...issuing?.(applied) };
  } catch (error) {
    if (isProviderError(error) && error.code === 'AlreadyExists') return lookAtHolder(pass, stage);
    // What is on record under the name may stand there all the same, not visible yet: then the create makes another once that is gone.
    const isOnRecord = pass.work.binding.presence?.name === wanted.desired.name;
    return { ...failedCall(pass, 'create', error, false), ...(wasRefused(error) ? {} : { askedAgain: isOnRecord ? wanted.desired.name : askedAgain(pass, stage.ages()) }) };
  }
}

/** The name is taken: by what we made ourselves and never heard of, or by somebody. */
async function lookAtHolder(pass: Pass, stage: Stage): Promise<Outcome> {
  const facets = lookNeeded({ ...pass, work: { ...pass.work, lost: true } }, stage.ages()) ?? [];
  const found = await stage.caller.call('observe', 1, (context) => pass.handler.observe(pass.reference, facets, context));
  const known = found && isMerging(pass.work) ? await withKnownEnds(pass, found, stage.endsNamed) : pass;
  const action = decide(known, { looked: true, found }, stage.ages());
  const held = gate(known, found, action);
  if (held) return held;
  const { mark, names } = pass.reference;
  // What was found is beside the name: it was ours and is another's by now.
  if (action.do === 'create' && found && names.length > 1) return lookAtHolder({ ...pass, reference: { mark, names: names.slice(-1) } }, stage);
  if (isWrite(action) && action.do !== 'create') return carryOut(known, action, stage);
  if (action.do !== 'create') return { ...await carryOut(known, action, stage), noNameGiven: true };
  // What is told by what was there before an attempt must not be told by an attempt that was refused: that made nothing.
  return { ...lookAgain(pass, HOLDER_UNSEEN), noNameGiven: true, ...(pass.handler.prepare ? { unfinished: pass.work.lost } : {}) };
}

async function update(pass: Pass, { operation, observed, changes, takes, pulled, leaves = [] }: Extract<Action, { do: 'update' }>, stage: Stage): Promise<Outcome> {
  const { handler, wanted } = pass;
  const isNamed = observed.name !== wanted.desired.name;
  const later = isNamed || operation === 'adopt' ? nameGoing(pass, operation, stage, operation === 'adopt' ? observed.name : undefined) : undefined;
  if (later) return later;
  if (isAnothers(pass, observed, stage)) return { ...lookAgain(pass, 'what has that name may be another one by now'), noNameGiven: true };
  const again = isNamed ? askedAgain(pass, stage.ages()) : undefined;
  try {
    const isDone = isEmpty(changes) && !changes.adopt;
    const applied: Applied = isDone ? { observed, rejected: [] } : await stage.caller.call('update', callsOf(changes), (context) => handler.update(wanted.desired, observed, changes, context));
    const outcome = applied_(pass, operation, withTaken(applied, leaves), stage, { ...(isDone ? {} : { changes }), takes });
    return { ...withOpen(decided(outcome, pass.work, leaves, !isDone), pulled), askedAgain: again, unknown: unknownParts(pass, applied, stage.ages()) };
  } catch (error) {
    if (isProviderError(error) && error.code === 'AlreadyExists') return newNameTaken(pass, observed, stage);
    // Some of the changes may be made by now.
    return { ...failedCall(pass, operation, error, true), askedAgain: again, ...(callsOf(changes) === 1 && wasRefused(error) ? { ...named(pass, observed), noNameGiven: true, askedAgain: undefined } : {}) };
  }
}

/** The name that ours should get is taken; ours stays as it is. */
async function newNameTaken(pass: Pass, ours: Observed, stage: Stage): Promise<Outcome> {
  const { handler, reference: { mark }, wanted: { desired } } = pass;
  const { binding: { presence: before } } = pass.work;
  const presence = before && standingAs(before, ours);
  const found = await stage.caller.call('observe', 1, (context) => handler.observe({ mark, names: [desired.name] }, [], context));
  if (found === undefined) return { ...lookAgain(pass, HOLDER_UNSEEN), noNameGiven: true };
  const outcome = { ...(found.mark ? await nameTaken(pass, found.mark, presence, stage, ours) : conflictWith(found, presence)), noNameGiven: true };
  // Ours was made by an attempt whose answer was lost: its name is on record from now on, so that the next pass may step aside; its relations are not. What was to be adopted is not ours yet.
  return presence === null && ours.mark ? { ...outcome, presence: firstSeen(pass, ours, stage.clock.now()), unfinished: true } : outcome;
}

/** Called by a name that another of ours was given a moment ago: what is on record, or a late look shows, is not there any more. */
function isAnothers({ work: { binding: { kind, resource } } }: Pass, { name }: Observed, { givenAt, ages }: Stage): boolean {
  const { now, visibilityMs } = ages();
  return now - (givenAt(kind, name, resource) ?? -Infinity) < visibilityMs;
}

/** A rename whose answer was lost may have been made: on record from now on is the name that it was found under. */
function standingAs(presence: Presence, { name, nativeArn, shape }: Observed): Presence {
  return presence.name === name ? presence : { ...presence, name, nativeArn, fields: { ...presence.fields, ...withoutParts(shape.fields) } };
}

function firstSeen({ work }: Pass, { providerResourceId, nativeArn, name, shape: { fields, tags } }: Observed, now: number): Presence {
  const createdAt = lastAskedFor(work);
  return { providerResourceId, nativeArn, name, fields: withoutParts(fields), tags, facets: {}, observedAt: now, ...(createdAt === undefined ? {} : { createdAt }) };
}

function applied_(pass: Pass, operation: SyncOperation, { observed, rejected }: Applied, { clock, ages }: Stage, did: { changes?: Changes; created?: boolean; takes?: Taken | undefined }): Outcome {
  const presence = presenceAfter(pass, observed, clock.now(), { ...did, rejected });
  const [first] = rejected;
  if (first === undefined) return atRest(pass, true, { operation, presence });
  const { now, visibilityMs } = ages();
  const ends = [...pass.work.ends.values()].flatMap((end) => (end.is === 'ready' ? end.createdAt ?? [] : []));
  const lately = [presence.createdAt ?? 0, ...ends].some((at) => now - at < visibilityMs) || removedUnseen(rejected, did.changes);
  const unheard = rejected.some(({ error }) => error.options.effect === 'unknown');
  return { is: 'failed', error: first.error, unfinished: unheard, lately, operation, presence, ...(unheard ? { called: namesOf(pass.work) } : {}) };
}

/** The other end of a relation that was to be taken away was not found: it may just be getting another name, and must be asked for by that. */
function removedUnseen(rejected: Applied['rejected'], changes: Changes | undefined): boolean {
  return rejected.some(({ facet, name, error }) => error.code === 'NotFound' && changes?.removeFrom[facet]?.includes(name));
}

async function remove(pass: Pass, { observed, seen }: Extract<Action, { do: 'delete' }>, stage: Stage): Promise<Outcome> {
  const error = protectedBy(observed, stage.principal?.());
  if (error) return { ...failedCall(pass, 'delete', error, false), final: true };
  try {
    await stage.caller.call('delete', 1, (context) => pass.handler.delete(observed, context));
    if (observed.mark === undefined) await clear(pass, stage);
    const again = whyLookAgain(pass, { observed, seen }, stage.ages());
    // Whoever got the name before it is certain that no more is to be deleted under it would be deleted next.
    if (again !== undefined) return { ...lookAgain(pass, again), deletionSent: observed.name };
    return { is: 'succeeded', operation: 'delete', changed: true, presence: null };
  } catch (error) {
    return { ...failedCall(pass, 'delete', error, true), ...(wasRefused(error) ? named(pass, observed) : { deletionSent: observed.name }) };
  }
}

/** What an attempt made whose answer was lost, or what others made and ours is to replace, is taken away before another is made. */
async function discard(pass: Pass, { observed, anew }: Extract<Action, { do: 'delete' }>, stage: Stage): Promise<Outcome> {
  try {
    await stage.caller.call('delete', 1, (context) => pass.handler.delete(observed, context));
    return { ...lookAgain(pass, anew === 'others' ? 'what others made is gone, and ours is made next' : 'what an attempt made whose answer was lost is gone, and another is made next'), noNameGiven: true };
  } catch (error) {
    // It may come about late, and by a name that the next one has as well.
    return { ...failedCall(pass, 'create', error, true), noNameGiven: true, ...(wasRefused(error) ? {} : { called: [observed.name] }) };
  }
}

/** Why a deletion that was answered may not have been the last. */
function whyLookAgain(pass: Pass, { observed, seen }: Pick<Extract<Action, { do: 'delete' }>, 'observed' | 'seen'>, ages: Ages): string | undefined {
  // What the look did not see, the deletion may have missed as well.
  if (!seen) return 'what was made a moment ago may not be visible yet';
  if (mayAppearBeside(pass, ages)) return 'an unfinished attempt may still make it again';
  return mayStandElsewhere(pass, observed, ages) ? 'an unfinished attempt may have given it another name' : undefined;
}

/** No attempt is begun by such a look: what is found after it is still somebody else's doing. */
function isOnlyCompared({ work: { lost, binding: { deleted, verifySince } } }: Pass): boolean {
  return !lost && !deleted && verifySince !== null;
}

/** The tenant wants what it deletes here to stay there, as if nobody managed it. */
async function orphan(pass: Pass, { observed, seen }: Extract<Action, { do: 'delete' }>, stage: Stage): Promise<Outcome> {
  const { handler } = pass;
  try {
    if (handler.release && observed.mark) await stage.caller.call('update', 1, (context) => handler.release?.(observed, context) ?? Promise.resolve());
    if (!seen) return lookAgain(pass, 'what was made a moment ago may not be visible yet');
    return { is: 'succeeded', operation: 'delete', changed: true, presence: null };
  } catch (error) {
    return failedCall(pass, 'delete', error, true);
  }
}

function wasRefused(error: unknown): boolean {
  return isProviderError(error) && error.options.effect === 'none';
}

/** The one call that would have taken its name away had no effect: it still has it. */
function named({ work: { binding: { presence } } }: Pass, { name, nativeArn }: Observed): Partial<OutcomeOf<'failed'>> {
  return { nameCertain: true, presence: presence && { ...presence, name, nativeArn } };
}

async function forget(pass: Pass, left: boolean, stage: Stage): Promise<Outcome> {
  const { resource, binding } = pass.work;
  try {
    if (!pass.observeOnly) await clear(pass, stage);
  } catch (error) {
    return failedCall(pass, 'delete', error, true);
  }
  if (left) stage.logger.warn({ tenant: resource.tenant, resource: resource.id, account: binding.account }, 'deleted here; what has its name at the target is not ours and stays');
  return { is: 'succeeded', operation: 'delete', changed: false, presence: null };
}

/** A deletion that was cut off, or others, may have left what stood beside it. */
async function clear({ handler, reference: { mark } }: Pass, { caller }: Stage): Promise<void> {
  if (handler.clear) await caller.call('delete', 1, (context) => handler.clear?.(mark, context) ?? Promise.resolve());
}
