import { z } from 'zod';
import { planActionSchema, planChangeSchema, planCountsSchema, planGuardSchema, planRefusalSchema } from '../events/sync-plan.events';
import { accountSchema, providerNameSchema, targetSchema } from '../sync-config';
import { syncErrorCodeSchema } from '../sync-state';
import { syncNowSchema } from './sync-verbs';

/** Seconds that a plan may be applied within, where its author does not say. */
export const DEFAULT_PLAN_SECONDS = 3600;

export const planSyncSchema = z.strictObject({
  ...syncNowSchema.shape, expiresInSeconds: z.number().int().min(60).max(7 * 24 * 3600).optional(),
}).meta({ id: 'PlanSync', examples: [{ filter: { tenant: 'default', kind: 'user' }, providers: ['aws'], expiresInSeconds: 3600 }] });
export type PlanSync = z.infer<typeof planSyncSchema>;

/** A plan's hash: the hashes of its targets, in the order in which the plan names them, so that each engine checks its own. */
const planHashSchema = z.string().max(5000).regex(/^[A-Za-z0-9_-]{22}(\.[A-Za-z0-9_-]{22})*$/, 'must be the hash of a complete plan');

export const applyPlanSchema = z.strictObject({ hash: planHashSchema.optional() })
  .meta({ id: 'ApplyPlan', examples: [{}, { hash: '3q2-7wAAAAAAAAAAAAAAAA' }] });
export type ApplyPlan = z.infer<typeof applyPlanSchema>;

export const startedPlanSchema = z.object({
  plan: z.string(), state: z.enum(['running', 'complete']), expiresAt: z.iso.datetime(), hash: z.string().optional(), counts: planCountsSchema.optional(),
}).meta({ id: 'StartedPlan' });
export type StartedPlan = z.infer<typeof startedPlanSchema>;

export const planOperationSchema = z.object({
  resource: z.string(), kind: z.string(), tenant: z.string(), provider: providerNameSchema, account: accountSchema, action: planActionSchema, calls: z.number().int(),
  version: z.number().int(), name: z.string().optional(), reason: z.string().optional(), code: syncErrorCodeSchema.optional(),
  changes: z.array(planChangeSchema), more: z.number().int(), refused: planRefusalSchema.optional(),
}).meta({ id: 'PlanOperation' });
export type PlanOperation = z.infer<typeof planOperationSchema>;

export const planTargetSchema = z.object({
  ...targetSchema.shape, state: z.enum(['planning', 'answered', 'applied', 'refused']), counts: planCountsSchema, hash: z.string().optional(),
  reason: z.string().optional(),
}).meta({ id: 'PlanTarget' });

/** Where applying it without its hash would only make a list to approve. */
export const planGuardedSchema = planGuardSchema.extend(targetSchema.shape).meta({ id: 'PlanGuard' });
export type PlanGuarded = z.infer<typeof planGuardedSchema>;

export const planStateSchema = z.enum(['running', 'complete', 'expired', 'applied']);

export const planViewSchema = z.object({
  id: z.string(), tenant: z.string(), state: planStateSchema, hash: z.string().optional(), createdAt: z.iso.datetime(), createdBy: z.string(),
  expiresAt: z.iso.datetime(), targets: z.array(planTargetSchema), counts: planCountsSchema,
  guard: z.array(planGuardedSchema).describe('Where more would be taken away than the guard lets go: to apply it with its hash approves it; without the hash it waits for approval.'), jobs: z.array(z.string()),
  operations: z.array(planOperationSchema), nextCursor: z.string().optional(),
}).meta({ id: 'Plan' });
export type PlanView = z.infer<typeof planViewSchema>;

/** A plan as lists show it. */
export const planSummarySchema = planViewSchema.omit({ operations: true, nextCursor: true }).meta({ id: 'PlanSummary' });
export type PlanSummary = z.infer<typeof planSummarySchema>;
