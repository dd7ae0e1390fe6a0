import { operationOf } from '../bindings/binding';
import { isBothWays } from '../direction/both-ways';
import { driftOf } from '../drift/difference';
import { withKnownEnds } from '../drift/known-ends';
import { carryOut } from './carry-out';
import { decide, lookNeeded, type Seen } from './decide';
import { putAside, withFound } from '../guard/put-aside';
import { isMerging } from '../merge/merge';
import { gate, refusedBeforeLook } from '../plans/gate';
import { failedCall } from './failed-call';
import { open } from './open';
import type { Outcome } from './outcome';
import type { Pass } from './pass';
import type { Stage } from './stage';
import { namesOf, type Work } from './work';

/**
 * One pass over one binding: what is wanted is compared with what is there, and the difference closed. The steps, in their order:
 * scope and capability (open) -> credentials -> look -> decide -> put aside what the guard was not asked about -> carry out; where an approved plan asked, it is held against that before. The caller records the outcome.
 * @throws TargetLost; everything that went wrong at the provider is an outcome.
 */
export async function reconcile(work: Work, stage: Stage): Promise<Outcome> {
  const refused = refusedBeforeLook(work, stage.clock.now());
  if (refused) return refused;
  const opening = open(work, stage.scene);
  if ('outcome' in opening) return { ...opening.outcome, noNameGiven: true };
  const outcome = await passOver(opening.pass, work, stage);
  if (!stage.caller.wrote) return { ...outcome, noNameGiven: true };
  return stage.caller.unanswered ? { ...outcome, called: namesOf(work) } : outcome;
}

async function passOver(opened: Pass, work: Work, stage: Stage): Promise<Outcome> {
  try {
    await stage.credentials();
    const seen = await look(opened, stage);
    const pass = seen.looked && seen.found && (work.binding.verifySince !== null || isBothWays(work) || (work.binding.presence === null && isMerging(work))) ? await withKnownEnds(opened, seen.found, stage.endsNamed) : opened;
    const action = decide(pass, seen, stage.ages());
    const drift = seen.looked ? driftOf(pass, seen.found, stage.ages()) : undefined;
    if (drift && action.do !== 'look-again') await stage.drifted(work, drift);
    const { action: asked, found } = putAside(pass, action);
    const held = seen.looked ? gate(pass, seen.found, action) : undefined;
    return withFound(held ?? await carryOut(pass, asked, stage), found);
  } catch (error) {
    return failedCall(opened, operationOf(work.binding), error, false);
  }
}

/** Reads the target where what is on record is not enough. Absence from a listing is no proof, so that is looked at by itself. */
async function look(pass: Pass, { caller, ages, listing }: Stage): Promise<Seen> {
  const facets = pass.work.binding.plan ? pass.handler.facets : lookNeeded(pass, ages());
  if (facets === undefined) return { looked: false };
  const listed = listing?.find(pass);
  if (listed) return { looked: true, found: listed };
  return { looked: true, found: await caller.call('observe', 1, (context) => pass.handler.observe(pass.reference, facets, context)) };
}
