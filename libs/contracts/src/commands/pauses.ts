import { z } from 'zod';
import { instantSchema } from '../instant';
import { accountSchema, providerNameSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';

/** Every condition given must hold. */
const selection = {
  tenant: tenantPathSchema.optional().describe('With its children; by default your own, or that of the resource.'),
  provider: providerNameSchema.optional(), account: accountSchema.optional(), resource: z.string().min(1).max(512).optional().describe('Id or ARN.'),
};
const reason = trimmedText(500);

export const pauseSyncSchema = z.strictObject({
  ...selection, reason: reason.describe('Why; for people.'),
  until: instantSchema.optional().describe('It ends by itself then, at most a year from now. Left out: when somebody resumes.'),
}).meta({ id: 'PauseSync', examples: [{ tenant: 'default', provider: 'aws', reason: 'change freeze of the quarter' }] });
export type PauseSync = z.infer<typeof pauseSyncSchema>;

export const resumeSyncSchema = z.strictObject({ ...selection, reason: reason.optional() })
  .meta({ id: 'ResumeSync', examples: [{ tenant: 'default', provider: 'aws', reason: 'the freeze is over' }] });
export type ResumeSync = z.infer<typeof resumeSyncSchema>;

const selected = {
  id: z.string(), tenant: z.string().describe('With its children; empty: every tenant.'), provider: z.string().optional(), account: z.string().optional(),
  resource: z.string().optional(), until: z.string().optional(),
};

/** A pause as anybody may know it whom it holds up: without its reason. */
export const pauseRefSchema = z.object(selected).meta({ id: 'PauseRef' });
export type PauseRef = z.infer<typeof pauseRefSchema>;

export const pauseViewSchema = z.object({
  ...selected, arn: z.string(), version: z.number().int(), reason: z.string(), startedAt: z.string(), startedBy: z.string(),
  endedAt: z.string().optional(), endedBy: z.string().optional().describe('Who resumed; `identity` where it was over.'),
}).meta({ id: 'Pause' });
export type PauseView = z.infer<typeof pauseViewSchema>;

export const resumedSchema = z.object({
  ended: z.array(z.string()).describe('Ids of the pauses that were ended.'),
  stillPausedBy: z.array(pauseRefSchema).describe('Wider pauses that go on holding all of it or a part: end those by what they select, where they are yours.'),
}).meta({ id: 'Resumed' });
export type Resumed = z.infer<typeof resumedSchema>;
