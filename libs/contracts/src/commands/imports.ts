import { z } from 'zod';
import { importableKindSchema, importObstacleSchema } from '../events/import.events';
import { accountSchema, providerNameSchema } from '../sync-config';
import { syncErrorCodeSchema } from '../sync-state';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';

export const importResourcesSchema = z.strictObject({
  tenant: tenantPathSchema.describe('Whose the imported resources are to be.'),
  provider: providerNameSchema,
  account: accountSchema.optional().describe('May be left out where the tenant is synced to one account of the provider.'),
  kinds: z.array(importableKindSchema).min(1).max(2).optional().describe('Default: every kind that can be imported.'),
  adopt: z.boolean().optional().describe('Manage what was found from now on. Default: only report it. Takes what `change` takes too.'),
  reason: trimmedText(500).optional().describe('For those who read the history.'),
}).meta({ id: 'ImportResources', examples: [{ tenant: 'default', provider: 'aws', account: '000000000001', kinds: ['user', 'group'], adopt: false }] });
export type ImportResources = z.infer<typeof importResourcesSchema>;

/** How far an import is: of the things at the target so many are managed already, can be imported, were imported, were refused. */
export const importProgressSchema = z.object({
  tenant: z.string(), provider: z.string(), account: z.string(), kinds: z.array(z.string()), adopt: z.boolean(),
  listed: z.boolean().describe('The target was read to its end.'),
  seen: z.number().int(), managed: z.number().int(), found: z.number().int(), imported: z.number().int(), refused: z.number().int(),
  problems: z.array(z.object({ kind: z.string(), code: syncErrorCodeSchema, message: z.string() })).describe('Kinds that could not be read, and why.'),
}).meta({ id: 'ImportProgress' });
export type ImportProgress = z.infer<typeof importProgressSchema>;

export const IMPORT_OUTCOMES = ['found', 'obstacle', 'imported', 'refused'] as const;

/** One thing that an import found, and what became of it. */
export const importItemSchema = z.object({
  item: z.string(), kind: z.string(), outcome: z.enum(IMPORT_OUTCOMES), name: z.string().describe('Empty once it was forgotten.'), nativeArn: z.string(),
  providerResourceId: z.string(), path: z.string().optional(), tags: z.record(z.string(), z.string()),
  resource: z.string().optional().describe('What it is here, where it was imported.'), obstacle: importObstacleSchema.optional(),
  code: z.string().optional().describe('Of the problem for which it was refused.'), detail: z.string().optional(),
}).meta({ id: 'ImportItem' });
export type ImportItem = z.infer<typeof importItemSchema>;
