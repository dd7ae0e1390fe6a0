import { z } from 'zod';
import { planChangeSchema } from '../events/sync-plan.events';
import { accountSchema, providerNameSchema } from '../sync-config';
import { syncOperationSchema, syncStateNameSchema, syncStateSchema } from '../sync-state';

const step = {
  ok: z.boolean().describe('Nothing stands in the way here.'),
  text: z.string().describe('For a person.'),
  hint: z.string().optional().describe('What would make it go.'),
};

/** One setting that holds for the resource. `from`: the tenant that says so, or `a tenant above` where the caller may not see it; absent: nobody does. */
export const explainedSettingSchema = z.object({ setting: z.string(), value: z.unknown(), from: z.string().optional() }).meta({ id: 'ExplainedSetting' });
export type ExplainedSetting = z.infer<typeof explainedSettingSchema>;

/** A pause that holds it. Who paused and why stands there where the caller may see the pause. */
export const explainedPauseSchema = z.object({
  id: z.string(), until: z.iso.datetime().optional(), reason: z.string().optional(), startedBy: z.string().optional(),
}).meta({ id: 'ExplainedPause' });
export type ExplainedPause = z.infer<typeof explainedPauseSchema>;

/** Whether it is to be there at all. */
export const explainedScopeSchema = z.object({
  ...step, asked: z.boolean().describe('Tenant and resource ask for the target.'),
  settings: z.array(explainedSettingSchema), syncToProviders: z.array(z.string()).optional(), pauses: z.array(explainedPauseSchema),
}).meta({ id: 'ExplainedScope' });

/** What stands for it at the target. */
export const explainedMatchSchema = z.object({
  ...step, how: z.enum(['made', 'adopted']).optional(), since: z.iso.datetime().optional(), nativeArn: z.string().optional(), providerResourceId: z.string().optional(),
  existing: z.record(z.string(), z.unknown()).optional().describe('What is in the way.'),
}).meta({ id: 'ExplainedMatch' });

/** What is wanted against what was last synced. The cloud is not asked: a plan does that. `more` counts changes that are not told. */
export const explainedDifferenceSchema = z.object({
  ...step, changes: z.array(planChangeSchema), more: z.number().int(), version: z.number().int(), syncedVersion: z.number().int().optional(),
  syncedAt: z.iso.datetime().optional().describe('How old the knowledge of the target is.'),
}).meta({ id: 'ExplainedDifference' });

/** Another resource that it waits for; its state at the target where the caller may see it. */
export const explainedAwaitedSchema = z.object({
  resource: z.string(), kind: z.string(), state: syncStateNameSchema.optional(), reason: z.string().optional(),
}).meta({ id: 'ExplainedAwaited' });

/** When something is done next: never, as soon as its turn comes, `at` a time, once something else has come about, or once somebody acts. */
export const EXPLAINED_NEXT = ['nothing', 'due', 'at', 'awaits', 'somebody'] as const;

export const explainedPlanSchema = z.object({
  ...step, next: z.enum(EXPLAINED_NEXT), operation: syncOperationSchema.optional(), at: z.iso.datetime().optional(), awaits: z.array(explainedAwaitedSchema),
}).meta({ id: 'ExplainedPlan' });

export const explainedTargetSchema = z.object({
  provider: providerNameSchema, account: accountSchema, state: syncStateSchema.optional(),
  scope: explainedScopeSchema, match: explainedMatchSchema, difference: explainedDifferenceSchema, plan: explainedPlanSchema,
}).meta({ id: 'ExplainedTarget' });
export type ExplainedTarget = z.infer<typeof explainedTargetSchema>;

/** Why a resource is as it is at each target: in scope, matched to what, what differs, what is done next. */
export const explanationSchema = z.object({
  resource: z.string(), arn: z.string(), kind: z.string(), tenant: z.string(), name: z.string(), version: z.number().int(), deleted: z.boolean(),
  text: z.string(), targets: z.array(explainedTargetSchema),
}).meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanationSchema>;
