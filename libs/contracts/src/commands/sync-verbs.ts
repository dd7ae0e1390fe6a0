import { z } from 'zod';
import { syncFilterSchema } from '../events/sync-job.events';
import { planTargetRefusalSchema } from '../events/sync-plan.events';
import { importProgressSchema } from './imports';
import { checkOutcomeSchema } from '../events/check.events';
import { tenantPathSchema } from '../tenant-path';
import { accountSchema, conflictStrategySchema, providerNameSchema, targetSchema } from '../sync-config';

/** Ids or ARNs. */
const resources = z.array(z.string().min(1).max(512)).min(1).max(1000);

export const syncNowSchema = z.strictObject({
  resources: resources.optional(), filter: syncFilterSchema.optional(), providers: z.array(providerNameSchema).max(50).optional(),
}).meta({ id: 'SyncNow', examples: [{ filter: { tenant: 'default', kind: 'user' }, providers: ['aws'] }] });
export type SyncNow = z.infer<typeof syncNowSchema>;

export const retrySyncSchema = z.strictObject({
  filter: syncFilterSchema.optional(), maxRetries: z.number().int().min(1).max(100).optional(),
}).meta({ id: 'RetrySync', examples: [{ filter: { state: 'Failed', code: 'Throttled' }, maxRetries: 3 }] });
export type RetrySync = z.infer<typeof retrySyncSchema>;

export const resolveConflictSchema = z.strictObject({
  resource: z.string().min(1).max(512), provider: providerNameSchema, account: accountSchema.optional(), strategy: conflictStrategySchema,
}).meta({ id: 'ResolveConflict', examples: [{ resource: 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', provider: 'aws', account: '000000000001', strategy: 'overwrite' }] });
export type ResolveConflict = z.infer<typeof resolveConflictSchema>;

export const checkTargetsSchema = z.strictObject({
  targets: z.array(targetSchema).min(1).max(100), tenant: tenantPathSchema.optional().describe('For whom it is asked; only what this tenant or one below it may use is called. Default: the caller\'s own.'),
}).meta({ id: 'CheckTargets', examples: [{ targets: [{ provider: 'aws', account: '000000000001' }] }] });
export type CheckTargets = z.infer<typeof checkTargetsSchema>;

const held = z.number().int().optional().describe('Of those still pending: so many are held by a pause, the guard or a trigger that is off, or wait for something about which nothing more is done by itself, such as a group that failed for good. Nobody waits for them; when they go on, what comes of them counts.');

/** What a job came to. `stillPending` counts bindings that have not reported yet. */
export const jobCountsSchema = z.object({
  retried: z.number().int(), succeeded: z.number().int(), failed: z.number().int(), stillPending: z.number().int(), held,
}).meta({ id: 'JobCounts' });
export type JobCounts = z.infer<typeof jobCountsSchema>;

/** A target that carries out nothing of a plan, and how many operations are not done for that. */
export const refusedTargetSchema = z.object({ ...targetSchema.shape, reason: planTargetRefusalSchema, operations: z.number().int() }).meta({ id: 'RefusedTarget' });

/** What came of asking a target who we are there. */
export const checkedTargetSchema = z.object({ ...targetSchema.shape, outcome: checkOutcomeSchema }).meta({ id: 'CheckedTarget' });

export const jobViewSchema = z.object({
  id: z.string(), verb: z.string(), state: z.enum(['running', 'done']), total: z.number().int(), succeeded: z.number().int(),
  failed: z.number().int(), stillPending: z.number().int(), held, createdAt: z.iso.datetime(),
  import: importProgressSchema.optional(), checks: z.array(checkedTargetSchema).optional(), refused: z.array(refusedTargetSchema).optional(),
}).meta({ id: 'Job' });
export type JobView = z.infer<typeof jobViewSchema>;
