import { z } from 'zod';
import { planActionSchema } from '../events/sync-plan.events';
import { syncErrorCodeSchema } from '../sync-state';
import { tenantPathSchema } from '../tenant-path';

export const repairSyncSchema = z.strictObject({
  tenant: tenantPathSchema.describe('What is compared, with its children.'),
  dryRun: z.boolean().optional().describe('Only say what disagrees: nothing is changed, here or in a cloud. Default: put it right.'),
}).meta({ id: 'RepairSync', examples: [{ tenant: 'default', dryRun: true }] });
export type RepairSync = z.infer<typeof repairSyncSchema>;

export const startedRepairSchema = z.object({ repair: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'StartedRepair' });
export type StartedRepair = z.infer<typeof startedRepairSchema>;

/** Where something else stood than the store says. */
export const REPAIR_PLACES = ['engine', 'readModel', 'cloud'] as const;
export const repairPlaceSchema = z.enum(REPAIR_PLACES).meta({ id: 'RepairPlace' });
export type RepairPlace = z.infer<typeof repairPlaceSchema>;

const foundSchema = z.object({ found: z.number().int(), right: z.number().int() }).meta({ id: 'RepairFound' });

export const repairViewSchema = z.object({
  id: z.string(), tenant: z.string(), dryRun: z.boolean(), state: z.enum(['running', 'complete', 'expired']), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime(),
  compared: z.number().int().describe('Resources of the store that the read model has been compared with so far; one that changed meanwhile counts more than once.'),
  waitingFor: z.array(z.string()).describe('Who has not answered: `store`, `readModel`, a provider for its engine, `provider/account` for a cloud.'),
  counts: z.object({ engine: foundSchema, readModel: foundSchema, cloud: foundSchema }).describe('Disagreements at each place, and how many of them are right now.'),
}).meta({ id: 'Repair' });
export type RepairView = z.infer<typeof repairViewSchema>;

/** One disagreement. Names of fields, never what stands in them. */
export const repairItemSchema = z.object({
  place: repairPlaceSchema, resource: z.string(), kind: z.string(), tenant: z.string(), provider: z.string().optional(), account: z.string().optional(),
  fields: z.array(z.string()).describe('What differs. `missing`: it is not there at all; `unknown`: it should not be; `events`: some of its events never arrived.'),
  action: planActionSchema.optional().describe('What a sync would do, or did, about the cloud.'), code: syncErrorCodeSchema.optional(),
  right: z.boolean().describe('It is right now.'),
}).meta({ id: 'RepairItem' });
export type RepairItem = z.infer<typeof repairItemSchema>;
