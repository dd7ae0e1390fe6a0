import { z } from 'zod';

export const projectionJobSchema = z.object({
  job: z.string(), verb: z.enum(['rebuild', 'rollback', 'replay']), models: z.array(z.string()), phase: z.string(), events: z.number(), total: z.number(), error: z.string().optional(),
  createdAt: z.iso.datetime(), finishedAt: z.iso.datetime().optional(),
}).meta({ id: 'Rebuild' });
export type ProjectionJob = z.infer<typeof projectionJobSchema>;

export const projectionModelSchema = z.object({
  name: z.string(), version: z.number().int(), generation: z.number().int().describe('Of the tables that queries read.'),
  previousGeneration: z.number().int().optional().describe('Kept to go back to.'),
  previousVersion: z.number().int().optional().describe('Of the fold that made it: where it is another than `version`, going back to it stops what this release keeps current.'),
  current: z.boolean().describe('False while it waits for a rebuild to this release.'),
  replayed: z.object({ generation: z.number().int(), events: z.number().int().describe('How many events it is the fold of: the first so many that were taken in.'), position: z.string() }).optional()
    .describe('The newest replay: tables beside those that queries read, kept until the next.'),
});
export type ProjectionModelView = z.infer<typeof projectionModelSchema>;

export const projectionStatusSchema = z.object({
  position: z.string(), events: z.number().int().describe('How many were taken in.'), lagSeconds: z.number(), parked: z.number().int(),
  models: z.array(projectionModelSchema), rebuilds: z.array(projectionJobSchema).describe('Rebuilds, rollbacks and replays, the newest first.'),
}).meta({ id: 'ProjectionStatus' });
export type ProjectionStatus = z.infer<typeof projectionStatusSchema>;

const checksumSchema = z.object({ rows: z.number().int(), sum: z.string() });
export const tableVerdictSchema = z.object({
  model: z.string(), table: z.string(), expected: checksumSchema.describe('Of a fold of all events.'), actual: checksumSchema.describe('Of what stands in the table.'), equal: z.boolean(),
  rows: z.array(z.object({ key: z.array(z.string()), fields: z.array(z.string()) }))
    .describe('Those that differ, by their key, at most 100: the columns, never what stands in them; `missing` where the fold makes one that is not there, `unknown` where it makes none.'),
});
export type TableVerdict = z.infer<typeof tableVerdictSchema>;
export const projectionVerdictSchema = z.object({ equal: z.boolean(), tables: z.array(tableVerdictSchema) }).meta({ id: 'ProjectionVerdict' });
export type ProjectionVerdict = z.infer<typeof projectionVerdictSchema>;
