import type { SyncOperation } from '@wami/contracts';
import { isProviderError, type Applied, type Changes, type Observed } from '@wami/provider-port';
import { OBSERVE_ONLY, type Presence } from '../bindings/binding';
import { gate } from '../plans/gate';
import { callsOf } from './calls-of';
import { cannotAdopt, conflictWith, HOLDER_UNSEEN, nameTaken } from './conflict';
import { decide, lookNeeded, type Action } from './decide';
import { failedCall } from './failed-call';
import { lookAgain } from './look-again';
import { atRest } from './open';
import type { Outcome, OutcomeOf } from './outcome';
import type { Pass } from './pass';
import { presenceAfter } from './presence';
import type { Stage } from './stage';

/** Does what was decided, and says what came of it. */
export function carryOut(pass: Pass, action: Action, stage: Stage): Promise<Outcome> | Outcome {
  if (pass.observeOnly && isWrite(action)) return wouldDo(pass, action);
  switch (action.do) {
    case 'nothing': return rest(pass, action, stage);
    case 'create': return create(pass, stage);
    case 'update': return update(pass, action, stage);
    case 'delete': return remove(pass, action, stage);
    case 'forget': return forget(pass, action.left, stage);
    case 'look-again': return lookAgain(pass, 'what an unfinished attempt may have done is not visible yet');
    case 'skip': return { is: 'skipped', reason: action.reason, operation: 'create', presence: null };
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
  const relations = Object.values(wanted.desired.facets).flat().length;
  try {
    const applied = await stage.caller.call('create', 1 + relations, (context) => handler.create(wanted.desired, context));
    return applied_(pass, 'create', applied, stage, { created: true });
  } catch (error) {
    if (isProviderError(error) && error.code === 'AlreadyExists') return lookAtHolder(pass, stage);
    return failedCall(pass, 'create', error, false);
  }
}

/** The name is taken: by what we made ourselves and never heard of, or by somebody. */
async function lookAtHolder(pass: Pass, stage: Stage): Promise<Outcome> {
  const facets = lookNeeded({ ...pass, work: { ...pass.work, lost: true } }, stage.ages()) ?? [];
  const found = await stage.caller.call('observe', 1, (context) => pass.handler.observe(pass.reference, facets, context));
  const action = decide(pass, { looked: true, found }, stage.ages());
  const held = gate(pass, found, action);
  if (held) return held;
  return action.do === 'create' ? lookAgain(pass, HOLDER_UNSEEN) : carryOut(pass, action, stage);
}

async function update(pass: Pass, { operation, observed, changes }: Extract<Action, { do: 'update' }>, stage: Stage): Promise<Outcome> {
  const { handler, wanted } = pass;
  try {
    const applied = await stage.caller.call('update', callsOf(changes), (context) => handler.update(wanted.desired, observed, changes, context));
    return applied_(pass, operation, applied, stage, { changes });
  } catch (error) {
    if (isProviderError(error) && error.code === 'AlreadyExists') return newNameTaken(pass, observed, stage);
    // Some of the changes may be made by now.
    return { ...failedCall(pass, operation, error, true), ...(callsOf(changes) === 1 && wasRefused(error) ? named(pass, observed) : {}) };
  }
}

/** The name that ours should get is taken; ours stays as it is. */
async function newNameTaken(pass: Pass, ours: Observed, stage: Stage): Promise<Outcome> {
  const { handler, reference: { mark }, wanted: { desired } } = pass;
  const presence = standingAs(pass.work.binding.presence, ours);
  const found = await stage.caller.call('observe', 1, (context) => handler.observe({ mark, names: [desired.name] }, [], context));
  if (found === undefined) return lookAgain(pass, HOLDER_UNSEEN);
  const outcome = found.mark ? await nameTaken(pass, found.mark, presence, stage, ours) : conflictWith(found, presence);
  // Ours was made by an attempt whose answer was lost: it stands under a name that is on record only as one that was tried.
  return presence === null ? { ...outcome, unfinished: true } : outcome;
}

/** A rename whose answer was lost may have been made: on record from now on is the name that it was found under. */
function standingAs(presence: Presence | null, { name, nativeArn, shape }: Observed): Presence | null {
  return presence === null || presence.name === name ? presence : { ...presence, name, nativeArn, fields: { ...presence.fields, ...shape.fields } };
}

function applied_(pass: Pass, operation: SyncOperation, { observed, rejected }: Applied, { clock, ages }: Stage, did: { changes?: Changes; created?: boolean }): Outcome {
  const presence = presenceAfter(pass, observed, clock.now(), { ...did, rejected });
  const [first] = rejected;
  if (first === undefined) return atRest(pass, true, { operation, presence });
  const { now, visibilityMs } = ages();
  const ends = [...pass.work.ends.values()].flatMap((end) => (end.is === 'ready' ? end.createdAt ?? [] : []));
  const lately = [presence.createdAt ?? 0, ...ends].some((at) => now - at < visibilityMs) || removedUnseen(rejected, did.changes);
  return { is: 'failed', error: first.error, unfinished: rejected.some(({ error }) => error.options.effect === 'unknown'), lately, operation, presence };
}

/** The other end of a relation that was to be taken away was not found: it may just be getting another name, and must be asked for by that. */
function removedUnseen(rejected: Applied['rejected'], changes: Changes | undefined): boolean {
  return rejected.some(({ facet, name, error }) => error.code === 'NotFound' && changes?.removeFrom[facet]?.includes(name));
}

async function remove(pass: Pass, { observed, seen }: Extract<Action, { do: 'delete' }>, stage: Stage): Promise<Outcome> {
  try {
    await stage.caller.call('delete', 1, (context) => pass.handler.delete(observed, context));
    // What the look did not see, the deletion may have missed as well.
    if (!seen) return lookAgain(pass, 'what was made a moment ago may not be visible yet');
    return { is: 'succeeded', operation: 'delete', changed: true, presence: null };
  } catch (error) {
    return { ...failedCall(pass, 'delete', error, true), ...(wasRefused(error) ? named(pass, observed) : {}) };
  }
}

function wasRefused(error: unknown): boolean {
  return isProviderError(error) && error.options.effect === 'none';
}

/** The one call that would have taken its name away had no effect: it still has it. */
function named({ work: { binding: { presence } } }: Pass, { name, nativeArn }: Observed): Partial<OutcomeOf<'failed'>> {
  return { nameCertain: true, presence: presence && { ...presence, name, nativeArn } };
}

function forget({ work }: Pass, left: boolean, { logger }: Stage): Outcome {
  if (left) logger.warn({ resource: work.resource.id, account: work.binding.account }, 'deleted here; what has its name at the target is not ours and stays');
  return { is: 'succeeded', operation: 'delete', changed: false, presence: null };
}
