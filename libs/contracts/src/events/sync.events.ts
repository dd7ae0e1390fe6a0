import { z } from 'zod';
import { syncErrorCodeSchema, syncOperationSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { planTargetRefusalSchema, SYNC_PLAN_EVENTS } from './sync-plan.events';
import { noPersonal } from './tenant.events';

/**
 * Carried by every outcome: whose binding it is and how far the engine had read. `intent` is the place in identity's log of the newest
 * event about this binding that the engine had folded; `version` the resource's own version then. `jobs` are the jobs it answers.
 */
const about = {
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), intent: z.string(), version: z.number().int(),
  operation: syncOperationSchema, jobs: z.array(z.string()).optional(),
};

/** A binding became due. Pending. */
export const syncRequested = defineEvent('wami.sync.requested.v1', z.strictObject({ ...about }), noPersonal);

/** A binding cannot go on until something else settles, until `nextRetryAt`, or while a pause or the guard (`approval`) holds it; no attempt is consumed. Pending, with the reason.
 * Only what a pause, the guard or a trigger that is off holds names its `jobs`: nobody waits for it, and what comes of it later answers them all the same. */
export const syncWaiting = defineEvent('wami.sync.waiting.v1', z.strictObject({
  ...about, reason: z.string(), pausedBy: z.string().optional(), approval: z.string().optional(), nextRetryAt: z.iso.datetime().optional(),
}), noPersonal);

/** An attempt began; for a create this is the intent that is on disk before the call. Syncing. */
export const syncStarted = defineEvent('wami.sync.started.v1', z.strictObject({ ...about, attempt: z.number().int().min(1) }), noPersonal);

/** The target agrees with `version`. After a `delete` the binding is gone. */
export const syncSucceeded = defineEvent('wami.sync.succeeded.v1', z.strictObject({ ...about, changed: z.boolean() }),
  z.strictObject({ providerResourceId: z.string().optional(), nativeArn: z.string().optional() }));

/** The attempt failed; with `nextRetryAt` it is tried again then, without it somebody must act. Provider's words may hold names: personal. */
export const syncFailed = defineEvent('wami.sync.failed.v1', z.strictObject({
  ...about, code: syncErrorCodeSchema, retryable: z.boolean(), retryCount: z.number().int().min(0), nextRetryAt: z.iso.datetime().optional(),
}), z.strictObject({ message: z.string(), details: z.record(z.string(), z.unknown()).optional() }));

/** Left alone on purpose: conflict policy `skip`, or a kind that the provider cannot hold. */
export const syncSkipped = defineEvent('wami.sync.skipped.v1', z.strictObject({ ...about, reason: z.string() }), noPersonal);

/** Not asked for any more, or no connection allows it. Nothing was deleted in the cloud. */
export const syncUnconfigured = defineEvent('wami.sync.unconfigured.v1', z.strictObject({ ...about, reason: z.string() }), noPersonal);

/**
 * An engine took on a job at one target: so many of its bindings will report. Stream: the job's id and the target; key: the job's id.
 * `refused` tells why none of the operations of `plan` will be carried out there, `undone` how many that are.
 */
export const syncJobAccepted = defineEvent('wami.sync.job-accepted.v1', z.strictObject({
  job: z.string(), provider: z.string(), account: z.string(), bindings: z.number().int().min(0),
  plan: z.string().optional(), refused: planTargetRefusalSchema.optional(),
  undone: z.number().int().min(0).optional(),
}), noPersonal);

export const BINDING_EVENTS = [syncRequested, syncWaiting, syncStarted, syncSucceeded, syncFailed, syncSkipped, syncUnconfigured] as const;
export const SYNC_EVENTS = [...BINDING_EVENTS, syncJobAccepted, ...SYNC_PLAN_EVENTS] as const;
export type BindingEvent = NewEventOf<(typeof BINDING_EVENTS)[number]>;
export type RecordedBindingEvent = RecordedEventOf<(typeof BINDING_EVENTS)[number]>;
export type RecordedSyncEvent = RecordedEventOf<(typeof SYNC_EVENTS)[number]>;
