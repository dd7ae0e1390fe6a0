import { z } from 'zod';

export const providerNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a provider name is a-z, 0-9 and hyphens, starting with a letter');
export const accountSchema = z.string().min(1).max(128).regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'an account is letters, digits and . _ : @ -');

/** One account of one provider. */
export const targetSchema = z.strictObject({ provider: providerNameSchema, account: accountSchema }).meta({ id: 'Target' });
export type Target = z.infer<typeof targetSchema>;

export const conflictStrategySchema = z.enum(['skip', 'overwrite', 'fail']).meta({ id: 'ConflictStrategy' });
export type ConflictStrategy = z.infer<typeof conflictStrategySchema>;

const retry = z.strictObject({
  maxRetries: z.number().int().min(0).max(100),
  baseDelayMs: z.number().int().min(10).max(600_000),
  maxDelayMs: z.number().int().min(10).max(86_400_000),
});
const triggers = z.strictObject({ onCreate: z.boolean(), onUpdate: z.boolean(), onDelete: z.boolean() });

const tagKey = z.string().min(1).max(128).regex(/^(?!wami-|managed-by$|aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  'a tag key is letters, digits, spaces and _ . : / = + - @, and is not one of the reserved wami-*, managed-by, aws:*');
const tagValue = z.string().max(256).regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'a tag value is letters, digits, spaces and _ . : / = + - @');

/** More tags than any cloud has room for beside WAMI's own marks. */
export const MAX_TAGS = 40;

/** Tag keys and values that every cloud with tags can hold. Keys that start with `wami-` and `managed-by` are WAMI's own marks. */
export const tagsSchema = z.record(tagKey, tagValue).refine((tags) => Object.keys(tags).length <= MAX_TAGS, `at most ${MAX_TAGS} tags`).meta({ id: 'Tags' });

/** Tags are merged key by key; null takes one away. How many that leaves is checked where the others are known. */
export const tagsPatchSchema = z.record(tagKey, tagValue.nullable()).meta({ id: 'TagsPatch' });

/** What a tenant may say about how it is synced; what is left out is inherited from the parent. */
export const syncConfigPatchSchema = z.strictObject({
  providers: z.array(targetSchema).max(50).optional(),
  direction: z.literal('push').optional(),
  triggers: triggers.partial().optional(),
  conflictResolution: conflictStrategySchema.optional(),
  deletionPolicy: z.literal('delete').optional(),
  retry: retry.partial().optional(),
  tags: tagsSchema.optional(),
}).meta({ id: 'SyncConfigPatch' });
export type SyncConfigPatch = z.infer<typeof syncConfigPatchSchema>;

/** A tenant's settings with inheritance resolved: nothing is left out. */
export const syncConfigSchema = z.strictObject({
  providers: z.array(targetSchema),
  direction: z.literal('push'),
  triggers,
  conflictResolution: conflictStrategySchema,
  deletionPolicy: z.literal('delete'),
  retry,
  tags: z.record(z.string(), z.string()),
}).meta({ id: 'SyncConfig' });
export type SyncConfig = z.infer<typeof syncConfigSchema>;

export const DEFAULT_SYNC_CONFIG: SyncConfig = {
  providers: [], direction: 'push', triggers: { onCreate: true, onUpdate: true, onDelete: true }, conflictResolution: 'fail',
  deletionPolicy: 'delete', retry: { maxRetries: 8, baseDelayMs: 500, maxDelayMs: 60_000 }, tags: {},
};

/** Narrows the tenant's targets for one resource: `aws` names all accounts of a provider, `aws/000000000001` one. */
export const syncToProvidersSchema = z.array(z.string().max(161).regex(/^[a-z][a-z0-9-]{0,31}(\/[A-Za-z0-9][A-Za-z0-9._:@-]*)?$/,
  'write `provider` or `provider/account`')).max(50).meta({ id: 'SyncToProviders', examples: [['aws'], ['aws/000000000001']] });
