import { z } from 'zod';

/** One part that was changed on both sides since they last agreed. */
export const conflictPartSchema = z.object({
  at: z.string().describe('`fields/path`, `tags/team`, `groups/grp_...`, or `thing` for all of it.'),
  base: z.string().optional().describe('What both had.'), ours: z.string().optional(), theirs: z.string().optional(),
}).meta({ id: 'ConflictPart' });

/** A resource that is not synced to a target because something stands there that nobody decided about. */
export const conflictItemSchema = z.object({
  resource: z.string(), arn: z.string(), kind: z.string(), tenant: z.string(), provider: z.string(), account: z.string(),
  state: z.enum(['Failed', 'Skipped']).describe('`Skipped`: left alone because the tenant or somebody said so.'),
  reason: z.string().describe('What stands in the way.'), hint: z.string().optional().describe('What makes it go, for an operator. Text: it may change.'),
  ours: z.object({ name: z.string(), path: z.string().optional(), tags: z.record(z.string(), z.string()) }).describe('The resource as it is here; blank once it was erased.'),
  existing: z.record(z.string(), z.unknown()).optional().describe('What stands at the target: `name`, `nativeArn`, `providerResourceId`, fields, `tags`. Left out where nobody looked, or it is not yours to see.'),
  conflicts: z.array(conflictPartSchema).optional().describe('Where both sides changed the same, part by part; left out where something else has the name.'),
  since: z.string(),
}).meta({ id: 'Conflict' });
export type ConflictItem = z.infer<typeof conflictItemSchema>;

/** Reasons of `Skipped` that are conflicts too. */
export const CONFLICTS_LEFT = [
  'something of this name stands there already and is not managed by WAMI', 'it was changed here and at the target since they last agreed; both stay as they are',
] as const;
