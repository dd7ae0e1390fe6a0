import { comparePositions, type LogPosition, type RecordedBindingEvent, type SyncError, type SyncOperation, type SyncReason, type SyncState } from '@wami/contracts';
import { unreachable } from '../decider';

type Outcome =
  | { readonly state: 'Pending'; readonly reason?: string; readonly pausedBy?: string; readonly approval?: string; readonly nextRetryAt?: string }
  | { readonly state: 'Syncing'; readonly startedAt: string; readonly attempt: number }
  | { readonly state: 'Synced'; readonly syncedAt: string; readonly version: number; readonly nativeArn: string; readonly providerResourceId?: string }
  | { readonly state: 'Failed'; readonly error: SyncError; readonly failedAt: string; readonly retryCount: number; readonly nextRetryAt?: string }
  | { readonly state: 'Skipped'; readonly reason: string }
  | { readonly state: 'NotConfigured'; readonly reason: string }
  | { readonly state: 'Gone' };

/** What an engine last said of a binding. The engine and the projection fold this very function. */
export interface BindingOutcome {
  readonly outcome: Outcome;
  readonly operation: SyncOperation;
  /** Place in identity's log that the engine had read up to, for this resource. */
  readonly intent: LogPosition;
  readonly updatedAt: string;
}

/** Never throws. Events of one binding arrive in order. */
export function evolveBinding(_before: BindingOutcome | undefined, event: RecordedBindingEvent): BindingOutcome {
  return { outcome: outcomeOf(event), operation: event.data.operation, intent: event.data.intent, updatedAt: event.time };
}

function outcomeOf(event: RecordedBindingEvent): Outcome {
  switch (event.type) {
    case 'wami.sync.requested.v1': return { state: 'Pending' };
    case 'wami.sync.waiting.v1':
      return { state: 'Pending', reason: event.data.reason, ...optional('pausedBy', event.data.pausedBy), ...optional('approval', event.data.approval), ...optional('nextRetryAt', event.data.nextRetryAt) };
    case 'wami.sync.started.v1': return { state: 'Syncing', startedAt: event.time, attempt: event.data.attempt };
    case 'wami.sync.succeeded.v1':
      return event.data.operation === 'delete' ? { state: 'Gone' }
        : { state: 'Synced', syncedAt: event.time, version: event.data.version, nativeArn: event.personal.nativeArn ?? '',
          ...optional('providerResourceId', event.personal.providerResourceId) };
    case 'wami.sync.failed.v1': {
      const { code, retryable, retryCount, nextRetryAt } = event.data;
      const { message, details } = event.personal;
      return { state: 'Failed', error: { code, message, retryable, ...optional('details', details) }, failedAt: event.time, retryCount,
        ...optional('nextRetryAt', nextRetryAt) };
    }
    case 'wami.sync.skipped.v1': return { state: 'Skipped', reason: event.data.reason };
    case 'wami.sync.unconfigured.v1': return { state: 'NotConfigured', reason: event.data.reason };
    default: return unreachable(event);
  }
}

/** Stands for a provider's words about somebody who was erased. */
export const NOT_TOLD = 'not told: the subject was erased';

/** What an engine said, once the binding's subject was erased: the state, without the cloud's words and names. */
export function blankOutcome(said: BindingOutcome): BindingOutcome {
  const { outcome } = said;
  switch (outcome.state) {
    case 'Synced': return { ...said, outcome: { state: 'Synced', syncedAt: outcome.syncedAt, version: outcome.version, nativeArn: '' } };
    case 'Failed': {
      const { error: { code, retryable }, ...rest } = outcome;
      return { ...said, outcome: { ...rest, error: { code, message: NOT_TOLD, retryable } } };
    }
    case 'Pending': case 'Syncing': case 'Skipped': case 'NotConfigured': case 'Gone': return said;
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

/**
 * What identity's events alone say of a binding, before or beside an engine's word. `wanted`: the resource exists and its tenant's settings
 * ask for this target; `everWanted` stays true once it was. `intent`: place of the newest event that this rests on.
 */
export interface BindingIntent {
  readonly wanted: boolean;
  readonly deleted: boolean;
  readonly intent: LogPosition;
  readonly operation: SyncOperation;
  readonly updatedAt: string;
  /** Why nothing will happen by itself, where a trigger is off. */
  readonly held?: string;
}

export interface BindingIdentity {
  readonly resource: string;
  readonly kind: string;
  readonly tenant: string;
  readonly provider: string;
  readonly account: string;
}

/**
 * The state that everyone sees: the engine's word, unless identity has moved on since. Undefined where there is nothing to show
 * (a deletion that was carried out, or a deleted resource that no cloud ever held).
 */
export function visibleSyncState(about: BindingIdentity, intent: BindingIntent, said: BindingOutcome | undefined): SyncState | undefined {
  if (said === undefined || comparePositions(said.intent, intent.intent) < 0) return beforeTheEngine(about, intent, said);
  const { outcome } = said;
  if (outcome.state === 'Gone') return intent.wanted ? pending(about, intent) : undefined;
  if (!intent.wanted && !intent.deleted && outcome.state !== 'NotConfigured') return notConfigured(about, intent);
  return { ...outcome, ...about, operation: said.operation, updatedAt: said.updatedAt };
}

function beforeTheEngine(about: BindingIdentity, intent: BindingIntent, said: BindingOutcome | undefined): SyncState | undefined {
  const held = said !== undefined && said.outcome.state !== 'Gone';
  if (intent.deleted) return held ? pending(about, intent) : undefined;
  if (!intent.wanted) return notConfigured(about, intent);
  return pending(about, intent);
}

function pending(about: BindingIdentity, { operation, updatedAt, held }: BindingIntent): SyncState {
  return { state: 'Pending', ...about, operation, updatedAt, ...optional('reason', held) };
}

/** Why a resource is NotConfigured at a target that neither its tenant's settings nor itself ask for. */
export const NOT_ASKED_FOR = 'not asked for by the tenant or the resource; what is in the cloud stays as it is' satisfies SyncReason;

function notConfigured(about: BindingIdentity, { operation, updatedAt }: BindingIntent): SyncState {
  return { state: 'NotConfigured', reason: NOT_ASKED_FOR, ...about, operation, updatedAt };
}

