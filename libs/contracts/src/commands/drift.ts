import { z } from 'zod';
import { differenceSchema, driftKindSchema } from '../events/drift.events';

export const driftStateSchema = z.enum(['open', 'corrected']).meta({ id: 'DriftState' });
export type DriftState = z.infer<typeof driftStateSchema>;

/** What somebody else changed of one resource at one target, as it was found last. */
export const driftItemSchema = z.object({
  resource: z.string(), name: z.string().optional().describe('What the resource is called now; absent once it was erased.'), arn: z.string(), kind: z.string(), tenant: z.string(), provider: z.string(), account: z.string(),
  drift: driftKindSchema.describe('`missing`: nothing of ours stands there any more.'),
  state: driftStateSchema.describe('`corrected`: the target agrees again, whoever put it right.'),
  differences: z.array(differenceSchema).describe('Field by field; without values once the resource was erased.'),
  foundAt: z.string(), correctedAt: z.string().optional(),
}).meta({ id: 'Drift' });
export type DriftItem = z.infer<typeof driftItemSchema>;

/** The last scheduled sweep of a target for one tenant and those below it that have no schedule of their own. */
export const sweepViewSchema = z.object({
  tenant: z.string().describe('Whose schedule it is.'), provider: z.string(), account: z.string(), schedule: z.string(), sweptAt: z.string(), nextAt: z.string(),
  compared: z.number().int().describe('Resources that were compared with it.'),
  found: z.array(z.object({ kind: z.string(), seen: z.number().int(), unmanaged: z.number().int().describe('What nobody manages; an import tells what it is.') })),
  problems: z.array(z.object({ kind: z.string(), code: z.string() })).describe('Kinds that could not be read.'),
}).meta({ id: 'Sweep' });
export type SweepView = z.infer<typeof sweepViewSchema>;
