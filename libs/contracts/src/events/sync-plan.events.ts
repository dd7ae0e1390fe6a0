import { z } from 'zod';
import { syncErrorCodeSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** What a sync would do to a binding. `none` is counted and not told one by one; the first four write. */
export const PLAN_ACTIONS = ['delete', 'update', 'adopt', 'create', 'conflict', 'error', 'wait', 'skip', 'none'] as const;
export const planActionSchema = z.enum(PLAN_ACTIONS);
export type PlanAction = z.infer<typeof planActionSchema>;

/** How many bindings there are of each action; one that is not named has none. */
export const planCountsSchema = z.partialRecord(planActionSchema, z.number().int().min(0)).meta({ id: 'PlanCounts' });
export type PlanCounts = z.infer<typeof planCountsSchema>;

/** One difference: `from` is absent where there is nothing yet, `to` where it would be taken away. Relations stand one by one. */
export const planChangeSchema = z.strictObject({ field: z.string(), from: z.string().optional(), to: z.string().optional() }).meta({ id: 'PlanChange' });
export type PlanChange = z.infer<typeof planChangeSchema>;

/**
 * What would be done to one binding, with at least so many writing calls. Names and values are the resource's own: personal.
 * Stream: the plan at one target; key: the resource's id. `more` counts changes that are too many or too long to be told.
 */
export const syncPlanned = defineEvent('wami.sync.planned.v1', z.strictObject({
  plan: z.string(), resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), action: planActionSchema,
  calls: z.number().int().min(0), version: z.number().int(), code: syncErrorCodeSchema.optional(), more: z.number().int().min(0),
}), z.strictObject({ name: z.string().optional(), reason: z.string().optional(), changes: z.array(planChangeSchema).optional() }));

/**
 * Applied without its hash, a plan takes more of a tenant's things of a kind away than the guard lets go: nothing of that tenant would be taken
 * away at the target before somebody approved the list.
 */
export const planGuardSchema = z.strictObject({
  tenant: z.string(), kind: z.string(), removes: z.number().int().min(1).describe('So many the plan would delete, or take a relation of.'),
  allowed: z.number().int().min(0).describe('Within 24 hours.'), taken: z.number().int().min(0).describe('Within the 24 hours before.'),
  held: z.number().int().min(0).describe('What waits for approval already, beside what the plan is about.'),
});
export type PlanGuard = z.infer<typeof planGuardSchema>;

/** A target told all that it would do: so many operations came before, and this is their hash. Key: the plan's id. */
export const syncPlanAnswered = defineEvent('wami.sync.plan-answered.v1', z.strictObject({
  plan: z.string(), provider: z.string(), account: z.string(), operations: z.number().int().min(0), counts: planCountsSchema, hash: z.string(),
  guard: z.array(planGuardSchema).max(100).optional(),
}), noPersonal);

/** Why a target carries out nothing of a plan. */
export const planTargetRefusalSchema = z.enum(['unknown', 'expired', 'incomplete', 'other-hash', 'applied']);

/** Why an approved operation was not carried out. */
export const planRefusalSchema = z.enum(['expired', 'desired-moved', 'observed-moved', 'gone', 'observe-only']);
export type PlanRefusal = z.infer<typeof planRefusalSchema>;

/** An approved operation was not carried out; nothing was written. The binding is as it was, and no attempt was consumed. */
export const syncPlanRefused = defineEvent('wami.sync.plan-refused.v1', z.strictObject({
  plan: z.string(), resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), why: planRefusalSchema, jobs: z.array(z.string()),
}), noPersonal);

export const SYNC_PLAN_EVENTS = [syncPlanned, syncPlanAnswered, syncPlanRefused] as const;
export type SyncPlanEvent = NewEventOf<(typeof SYNC_PLAN_EVENTS)[number]>;
export type RecordedSyncPlanEvent = RecordedEventOf<(typeof SYNC_PLAN_EVENTS)[number]>;
