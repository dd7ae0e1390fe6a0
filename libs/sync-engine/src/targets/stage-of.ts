import { findEnds } from '../drift/known-ends';
import { recordDrift } from '../drift/record-drift';
import { saveGroundwork } from '../issued/save-groundwork';
import type { Caller } from '../reconcile/caller';
import type { Stage } from '../reconcile/stage';
import type { Work } from '../reconcile/work';
import { callTraceOf } from '../tracing/call-span';
import type { Credentials } from './credentials';
import { findHolder } from './find-holder';
import type { Listing } from './listing';
import type { NamesGiven } from './names-given';
import type { NamesGoing } from './names-going';
import type { WorkerParts } from './worker-parts';

interface AtTarget {
  readonly caller: Caller;
  readonly credentials: Credentials;
  readonly going: NamesGoing;
  readonly given: NamesGiven;
}

/** Everything that a pass at an owned target works with. */
export function stageOf(parts: Pick<WorkerParts, 'book' | 'db' | 'owner' | 'lease' | 'seams' | 'options' | 'logger' | 'pauses'>, { caller, credentials, going, given }: AtTarget, work: Work, listing: Listing | undefined, trace?: string): Stage {
  const { book, db, owner, lease, seams: { clock }, options: { ownershipMs, visibilityMs, sightMs }, logger, pauses } = parts;
  const { account } = lease;
  return {
    scene: book.sceneFor(account, work.binding.tenant), caller: caller.forPass(() => pauses.holding(work.binding), work.binding.lane, callTraceOf(work, trace)), clock, logger, listing,
    ages: () => ({ now: clock.now(), ownershipMs, visibilityMs, sightMs }),
    credentials: () => credentials.accepted(), principal: () => credentials.principal,
    freeAt: (kind, name, resource) => going.freeAt(kind, name, resource), givenAt: (kind, name, resource) => given.toAnother(resource, [`${kind} ${name}`]), holder: (resource) => findHolder(db, account, resource), endsNamed: (kind, names) => findEnds(db, account, kind, names),
    note: (noted, groundwork) => saveGroundwork({ db, owner, lease }, noted.binding, groundwork),
    drifted: (drifted, drift) => recordDrift(db, owner, lease, drifted, drift),
  };
}
