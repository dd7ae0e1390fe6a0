import type { PlanAction, PlanChange, SyncErrorCode } from '@wami/contracts';
import { pausedReason } from '@wami/domain';
import { isProviderError, partsIn, type Observed, type ProviderError } from '@wami/provider-port';
import { PausedBeforeCall } from '../reconcile/caller';
import { CHANGED_BOTH } from '../direction/reasons';
import { callsOf } from '../reconcile/calls-of';
import { decide, NOT_THERE, type Action } from '../reconcile/decide';
import { withKnownEnds } from '../drift/known-ends';
import { protectedBy } from '../guard/protected';
import { staysThere } from '../issued/decide-issued';
import { takenWords } from '../reconcile/parts';
import { open } from '../reconcile/open';
import type { Outcome } from '../reconcile/outcome';
import type { Pass } from '../reconcile/pass';
import { idsByName, isEmpty } from '../reconcile/shape';
import type { Stage } from '../reconcile/stage';
import type { Work } from '../reconcile/work';
import { changesOfUpdate, changesOfWhole } from './changes-told';
import { desiredFingerprint, observedFingerprint } from './fingerprint';

/** What would be done to one binding. */
export interface Planned {
  readonly action: PlanAction;
  /** Name at the target, where it has one. */
  readonly name?: string;
  readonly calls: number;
  readonly reason?: string;
  readonly code?: SyncErrorCode;
  readonly changes: readonly PlanChange[];
  /** It would take something away, so the guard has a say. */
  readonly removes?: boolean;
  /** Of what would be written: what was wanted and what was there. */
  readonly fingerprints?: { readonly desired: string; readonly observed: string };
}

export interface PlanStage extends Pick<Stage, 'scene' | 'ages' | 'credentials' | 'principal' | 'endsNamed'> {
  /** Looks at the target now. @throws ProviderError */
  readonly look: (pass: Pass) => Promise<Observed | undefined>;
}

/** The steps of a pass up to its decision, against a fresh look; nothing is written. @throws TargetLost */
export async function planBinding(work: Work, stage: PlanStage): Promise<Planned> {
  const looking: Work = { ...work, binding: { ...work.binding, verifySince: stage.ages().now, plan: null } };
  const opening = open(looking, stage.scene);
  if ('outcome' in opening) return ofOutcome(opening.outcome);
  const { name } = opening.pass.wanted.desired;
  try {
    await stage.credentials();
    const found = await stage.look(opening.pass);
    const pass = found && work.binding.presence !== null ? await withKnownEnds(opening.pass, found, stage.endsNamed) : opening.pass;
    const action = decide(pass, { looked: true, found }, stage.ages());
    const ours = action.do === 'delete' && !staysThere(pass) ? protectedBy(action.observed, stage.principal?.()) : undefined;
    if (ours) return { name, ...failure(ours) };
    const planned = ofAction(pass, action);
    const writes = planned.action === 'create' || planned.action === 'update' || planned.action === 'adopt' || planned.action === 'delete';
    return { name, ...planned, ...(writes ? { removes: takesAway(pass, action), fingerprints: { desired: desiredFingerprint(work), observed: observedFingerprint(found, pass.work) } } : {}) };
  } catch (error) {
    if (error instanceof PausedBeforeCall) return { action: 'wait', name, reason: pausedReason(error.by), ...nothing };
    if (!isProviderError(error)) throw error;
    return { name, ...failure(error) };
  }
}

/** As the guard counts: with the other end of a relation, where that goes itself, the relation goes anyway. */
function takesAway({ work, observeOnly }: Pass, action: Action): boolean {
  if (observeOnly || (action.do !== 'update' && action.do !== 'delete')) return false;
  if (action.do === 'delete' || Object.values(partsIn(action.changes.fields)).includes('')) return true;
  return Object.entries(action.changes.removeFrom).some(([facet, names]) => {
    const ids = idsByName(work, facet);
    return names.some((name) => work.ends.get(ids.get(name) ?? '')?.is !== 'leaving');
  });
}

const nothing = { calls: 0, changes: [] } as const;

function failure({ code, message }: ProviderError): Planned {
  return { action: 'error', code, reason: message, ...nothing };
}

/** What can be said without a look. */
function ofOutcome(outcome: Outcome): Planned {
  switch (outcome.is) {
    case 'failed': return failure(outcome.error);
    case 'skipped': case 'unconfigured': return { action: 'skip', reason: outcome.reason, ...nothing };
    case 'waiting': return { action: 'wait', reason: outcome.reason, ...nothing };
    case 'succeeded': case 'paused': case 'refused': case 'checked': return { action: 'none', ...nothing };
  }
}

function ofAction(pass: Pass, action: Action): Planned {
  const note = pass.observeOnly ? { reason: 'the connection may only look: nothing is written until it may' } : {};
  switch (action.do) {
    case 'nothing': case 'forget': return waits(pass) ? { action: 'wait', ...waits(pass), ...nothing } : { action: 'none', ...nothing };
    case 'create': {
      const { fields, tags, desired: { facets } } = pass.wanted;
      return { action: 'create', calls: 1 + Object.values(facets).flat().length + Object.keys(partsIn(fields)).length, changes: changesOfWhole({ fields, tags, facets }, 'to'), ...waits(pass), ...note };
    }
    case 'update': {
      const { operation, changes, observed, leaves } = action;
      const left = leaves ? { reason: takenWords(leaves) } : {};
      if (leaves && isEmpty(changes) && !changes.adopt) return { action: 'conflict', ...left, ...nothing };
      return { action: operation === 'adopt' ? 'adopt' : 'update', calls: callsOf(changes), changes: changesOfUpdate(changes, observed), ...waits(pass), ...left, ...note };
    }
    case 'delete': {
      const orphan = staysThere(pass) ? { reason: 'deletionPolicy is orphan: it loses our mark and stays' } : {};
      return { action: 'delete', calls: 1, changes: changesOfWhole(action.observed.shape, 'from'), ...orphan, ...note };
    }
    case 'look-again': return { action: 'wait', reason: 'what an unfinished attempt may have done is not visible yet', ...nothing };
    case 'skip': return { action: 'skip', reason: action.reason, ...nothing };
    case 'conflict': return { action: 'conflict', reason: `${action.existing.nativeArn} stands there already and is not managed by WAMI`, ...nothing, changes: changesOfWhole(action.existing.shape, 'from') };
    case 'take': return action.reason === undefined ? { action: 'none', ...nothing } : { action: 'skip', reason: action.reason, ...nothing };
    case 'clash': return { action: 'conflict', reason: CHANGED_BOTH, ...nothing, changes: action.conflicts.map(({ at, wanted, found }) => ({ field: at.replace('/', '.'), ...(found === undefined ? {} : { from: found }), ...(wanted === undefined ? {} : { to: wanted }) })) };
    case 'cannot-adopt': return { action: 'conflict', reason: NOT_THERE, ...nothing };
    case 'name-taken': return { action: 'conflict', reason: 'the name is taken by something else that WAMI manages', ...nothing };
  }
}

/** For what it cannot all be done yet. */
function waits({ work, wanted: { blocked } }: Pass): { readonly reason: string } | undefined {
  if (work.binding.deleted || blocked.length === 0) return undefined;
  const ends = blocked.slice(0, 5).map(({ resource }) => `${work.ends.get(resource)?.kind ?? 'resource'}/${resource}`);
  return { reason: `waits for ${ends.join(', ')}${blocked.length > ends.length ? ` and ${blocked.length - ends.length} more` : ''}` };
}
