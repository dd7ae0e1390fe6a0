import { laterPosition, type EventMeta, type SyncOperation } from '@wami/contracts';
import { heldBy } from '@wami/domain';
import { operationOf, type Binding, type Lane } from '../bindings/binding';
import { tracesWith } from '../tracing/pass-span';
import type { Resource } from './resource';
import type { Settings } from './settings';

/** Why a binding is evaluated. */
export interface Occasion {
  /** An event about this very resource. */
  readonly touched: boolean;
  /** One of the events took a relation away. */
  readonly withdrawn?: boolean;
  /** Settings changed that are about everything: the tags that the tenant puts on it, or the direction. */
  readonly retag: boolean;
  /** Operations whose trigger new settings turned off. */
  readonly stopped?: readonly SyncOperation[];
  readonly lane: Lane;
  readonly cause: EventMeta;
  /** Trace contexts of all the events about it. */
  readonly traces?: readonly string[];
  readonly now: number;
}

export interface Evaluated {
  readonly binding: Binding;
  /** It became due and somebody should hear of it. */
  readonly requested: boolean;
}

/** What identity's events mean for one binding. Pure. Undefined where there is nothing to keep. */
export function evaluate(
  before: Binding | undefined, account: string, resource: Resource, settings: Settings | undefined, wanted: boolean, occasion: Occasion,
): Evaluated | undefined {
  if (before?.state === 'Gone') return undefined;
  if (before === undefined && (!wanted || (resource.deleted && !occasion.touched))) return undefined;
  const base = before ?? unborn(account, resource, occasion);
  const intent = laterPosition(base.intent, settings ? laterPosition(resource.intent, settings.intent) : resource.intent);
  const next: Binding = { ...base, tenant: resource.tenant, subject: resource.subject, deleted: resource.deleted, wanted, intent };
  const isNews = isOther(before, next, occasion);
  if (!isNews && !(wanted && next.held)) return { binding: { ...next, held: next.held || beginsToHold(next, settings, occasion) }, requested: false };
  // What a pass that runs now does not answer.
  if (isHeld(next, settings)) return { binding: { ...next, held: true, generation: next.generation + (isNews ? 1 : 0) }, requested: false };
  return due(next, { ...occasion, lane: laneOf(next, occasion) });
}

/** Somebody takes access away, from one or from few. */
function laneOf({ deleted, wanted }: Binding, { touched, withdrawn, lane }: Occasion): Lane {
  return touched && lane === 0 && (deleted || !wanted || withdrawn === true) ? -1 : lane;
}

function unborn(account: string, { id, kind, tenant, subject, deleted, intent }: Resource, { cause }: Occasion): Binding {
  return {
    account, resource: id, kind, tenant, subject, streamVersion: 0, wanted: true, deleted, erased: false, intent, generation: 0, lane: 0, dueAt: null, claimed: false,
    state: 'None', errorCode: null, presence: null, unfinished: false, nameCertain: false, tried: {}, askedAgain: {}, deletionSent: {}, called: {}, triedEnds: {}, groundwork: null, held: false, retryCount: 0, fastRetries: 0, maxRetries: null, waitingFor: null,
    connectionHold: null, verifySince: null, lookAt: null, strategy: null, pausedBy: null, guardedBy: null, jobs: [], cause, plan: null, drift: null, traces: [], askedAt: null,
  };
}

/** Something else is wanted of it than before. */
function isOther(before: Binding | undefined, { wanted, deleted, state, claimed }: Binding, { touched, retag }: Occasion): boolean {
  if (wanted !== (before?.wanted ?? false)) return true;
  // A deletion in hand may just come to be skipped for the settings before.
  return wanted ? touched || (retag && (!deleted || state === 'Skipped' || claimed)) : touched && deleted;
}

/** The tenant does not want this kind of change to go out by itself; it stays until somebody asks or the trigger is on. */
function isHeld(binding: Binding, settings: Settings | undefined): boolean {
  return binding.wanted && settings !== undefined && heldBy(settings.config, operationOf(binding)) !== undefined;
}

/** What is not carried out yet is held as well when its trigger is turned off, but for what somebody asked for. What stands there and agrees, or is left as it is, is only compared. */
function beginsToHold(binding: Binding, settings: Settings | undefined, { stopped = [] }: Occasion): boolean {
  const { state, plan, jobs, deleted, presence } = binding;
  const isCompared = state === 'Synced' || (state === 'Skipped' && !deleted && presence !== null);
  return !isCompared && plan === null && jobs.length === 0 && stopped.includes(operationOf(binding)) && isHeld(binding, settings);
}

/** Due now, with all that was counted against it forgotten. Said aloud once, however often it becomes due before somebody looks. */
export function due(binding: Binding, { lane, cause, now, traces = [] }: Pick<Occasion, 'lane' | 'cause' | 'now' | 'traces'>): Evaluated {
  const waits = (binding.dueAt !== null || binding.pausedBy !== null) && !binding.claimed;
  // What takes access away and came while it was in hand goes first also where an edit comes after it.
  const isUrgent = waits || (binding.claimed && binding.lane === -1);
  const requested = (binding.wanted || binding.deleted) && !(waits && binding.state === 'Pending');
  return {
    requested,
    binding: {
      ...binding, generation: binding.generation + 1, dueAt: waits ? Math.min(now, binding.dueAt ?? now) : now,
      lane: isUrgent && binding.lane < lane ? binding.lane : lane, retryCount: 0, fastRetries: 0, waitingFor: null, held: false,
      ...(requested ? { state: 'Pending', errorCode: null } : {}), cause, traces: tracesWith(binding, [...traces, cause.traceparent]), askedAt: binding.askedAt ?? now,
    },
  };
}
