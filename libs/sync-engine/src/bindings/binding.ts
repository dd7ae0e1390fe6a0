import type { ConflictStrategy, EventMeta, LogPosition, SyncErrorCode, SyncStateName } from '@wami/contracts';
import type { Groundwork } from '@wami/provider-port';
import type { Pulled } from '../direction/pulled';
import type { Taken } from '../merge/taken-over';
import type { PlanExpectation } from '../plans/expectation';

/** Lane -1: somebody takes access away, nothing goes before that. Lane 0: people's edits. Lane 1: sweeps, jobs over filters, thousands of edits at once, what fails again and again. */
export type Lane = -1 | 0 | 1;
export const LANES: readonly Lane[] = [-1, 0, 1];

/** What the engine knows to stand in the cloud for a binding. */
export interface Presence {
  readonly providerResourceId: string;
  readonly nativeArn: string;
  /** What it is addressed by in calls. */
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Facet -> ids of the other ends; ids, because their names may change. */
  readonly facets: Readonly<Record<string, readonly string[]>>;
  /** When the cloud last showed us that it is ours. */
  readonly observedAt: number;
  /** When we last wrote on it; a listing that began before says nothing. */
  readonly writtenAt?: number;
  /** When we made it. */
  readonly createdAt?: number;
  /** Adopted, and of a kind that can carry no mark: that it is ours stands here alone. */
  readonly unmarked?: boolean;
  /** It was imported: relations may stand there that are not in `facets`, so none is made without a look. */
  readonly adopted?: boolean;
  /** Relations that somebody else made, seen there and to be taken away: facet -> ids of the other ends. What changes the target next says anew whether there are. */
  readonly found?: Readonly<Record<string, readonly string[]>>;
  /** Merged: what the target alone had and what is not intent yet. `told`: identity may have heard of it. */
  readonly taken?: Taken & { readonly told: boolean };
  /** What somebody changed there and what is not intent yet, where the direction is not push. */
  readonly pulled?: Pulled;
  /** It was not there when it was looked at last, and nothing is to be made again. */
  readonly missing?: boolean;
}

/** Why the connection keeps a binding from being carried out: it may only look, it does not say what the kind needs, or, in words, which one is missing. */
export type ConnectionHold = typeof OBSERVE_ONLY | typeof ASKED_BEFORE | string;
export const OBSERVE_ONLY = 'observe';
/** No connection lets it go on: its secret was asked for while the adapter could not hold it. */
export const ASKED_BEFORE = 'asked before';
export const holdsNo = (kind: string): ConnectionHold => `no ${kind}`;

/** One resource at one target, as the engine keeps it. */
export interface Binding {
  readonly account: string;
  readonly resource: string;
  readonly kind: string;
  readonly tenant: string;
  /** ARN of the resource. */
  readonly subject: string;
  /** Events in the binding's own stream so far. */
  readonly streamVersion: number;
  /** The tenant's settings and the resource ask for this target. */
  readonly wanted: boolean;
  readonly deleted: boolean;
  /** Whom it is about is to be forgotten: nothing is kept or said but what takes it away at the target. */
  readonly erased: boolean;
  /** Place in identity's log up to which everything about this binding is folded. */
  readonly intent: LogPosition;
  /** Grows with every reason to look; a pass answers the generation that it was claimed with. */
  readonly generation: number;
  readonly lane: Lane;
  /** When it is looked at next; null: not before something happens. */
  readonly dueAt: number | null;
  /** A worker has it in hand. */
  readonly claimed: boolean;
  readonly state: SyncStateName | 'Gone' | 'None';
  readonly errorCode: SyncErrorCode | null;
  readonly presence: Presence | null;
  /** A call was or may have been made whose effect is not known: look before anything else. */
  readonly unfinished: boolean;
  /** The unfinished attempt is known to have left the name as it is in `presence`. */
  readonly nameCertain: boolean;
  /** Names that attempts since the last certain one would have given it, and when each began: under any of them it may stand by now. */
  readonly tried: Readonly<Record<string, number>>;
  /** Names that it was given again while a call before that gives it the same one may still come about, and when that was sent; while it is in hand, also the one that it may be given once more. */
  readonly askedAgain: Readonly<Record<string, number>>;
  /** Names by which its deletion was asked for and not answered, or may be asked for once more, and when: what has one of them by then may be taken away. It outlives what was deleted. */
  readonly deletionSent: Readonly<Record<string, number>>;
  /** Names by which another call was sent that nobody answered, and when: what else has one of them by then may be changed. */
  readonly called: Readonly<Record<string, number>>;
  /** Facet -> ids of the other ends of relations that those attempts would have made: they may stand by now, also where they are no longer wanted. Beside them inline policies and federated credentials. */
  readonly triedEnds: Readonly<Record<string, readonly string[]>>;
  /** What was noted before the last attempt to make what can carry no mark, until one is on record. */
  readonly groundwork: Groundwork | null;
  /** A trigger of the tenant that is off keeps what is wanted from being carried out. */
  readonly held: boolean;
  readonly retryCount: number;
  readonly fastRetries: number;
  /** Set by a retry job, over the tenant's own. */
  readonly maxRetries: number | null;
  /** Resource at the same target whose settling wakes this one. */
  readonly waitingFor: string | null;
  readonly connectionHold: ConnectionHold | null;
  /** Somebody asked at this time to compare with the cloud, not only with what we remember. */
  readonly verifySince: number | null;
  /** When it is compared once more, for what was sent and never answered may have come about after the last look. */
  readonly lookAt: number | null;
  /** Settles one conflict, once. */
  readonly strategy: ConflictStrategy | null;
  /** The pause for which it was laid aside; it stands until the next look, also where that pause is over. */
  readonly pausedBy: string | null;
  /** The approval that what it would take away waits for; it stands until the next look. */
  readonly guardedBy: string | null;
  /** Jobs that the next settling outcome answers. */
  readonly jobs: readonly string[];
  readonly cause: EventMeta;
  /** Trace contexts of what made it due and was not answered yet, the newest last; a few. */
  readonly traces: readonly string[];
  /** Since when somebody waits for it; null: nobody, or it is held. */
  readonly askedAt: number | null;
  /** An approved plan asked for the next pass. */
  readonly plan: PlanExpectation | null;
  /** Hash of what somebody else changed at the target and was told of, until it is put right. */
  readonly drift: string | null;
}

/** Stream of a binding's own events. */
export function bindingStream(provider: string, { account, resource }: Pick<Binding, 'account' | 'resource'>): string {
  return `${provider}/${account}/${resource}`;
}

/** What would be done to it now: how an outcome names what it was about. */
export function operationOf({ deleted, presence }: Pick<Binding, 'deleted' | 'presence'>): 'create' | 'update' | 'delete' {
  return deleted ? 'delete' : presence === null ? 'create' : 'update';
}
