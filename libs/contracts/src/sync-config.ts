import { z } from 'zod';
import { RESOURCE_KINDS } from './arn';
import { scheduleSchema } from './schedule';

export const providerNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a provider name is a-z, 0-9 and hyphens, starting with a letter');
export const accountSchema = z.string().min(1).max(128).regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'an account is letters, digits and . _ : @ -');

/** One account of one provider. */
export const targetSchema = z.strictObject({ provider: providerNameSchema, account: accountSchema }).meta({ id: 'Target' });
export type Target = z.infer<typeof targetSchema>;

export const conflictStrategySchema = z.enum(['skip', 'overwrite', 'merge', 'fail']).meta({ id: 'ConflictStrategy' });
export type ConflictStrategy = z.infer<typeof conflictStrategySchema>;

/**
 * Whose changes count. `push`: what differs at a target is put back. `pull`: it becomes intent, and nothing is written there. `bidirectional`: whichever
 * side changed since both last agreed; where both changed the same it is a conflict.
 */
export const directionSchema = z.enum(['push', 'pull', 'bidirectional']).meta({ id: 'Direction' });
export type Direction = z.infer<typeof directionSchema>;

const retry = z.strictObject({
  maxRetries: z.number().int().min(0).max(100),
  baseDelayMs: z.number().int().min(10).max(600_000),
  maxDelayMs: z.number().int().min(10).max(86_400_000),
});
/** What becomes of a thing at a target when its resource is deleted. `orphan`: our mark is taken off, and it stays as it is; what was made with a secret is deleted all the same. */
export const deletionPolicySchema = z.enum(['delete', 'orphan']).meta({ id: 'DeletionPolicy' });

/** What a tenant says otherwise for one kind. */
const ofKind = z.strictObject({ conflictResolution: conflictStrategySchema, deletionPolicy: deletionPolicySchema }).partial();
const OF_KINDS = 'What holds for one kind instead of what holds for all: conflictResolution and deletionPolicy. Each is inherited alone, and stands over that of all kinds, whoever says that.';
/** Kinds of which something is said otherwise. */
export const settingsOfKinds = <const Kinds extends readonly string[]>(of: Kinds) => z.partialRecord(z.enum(of), ofKind).describe(OF_KINDS);
/** The same as it was said: a later release may know more kinds. */
const kindsSaid = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), ofKind).describe(OF_KINDS);

const guard = z.strictObject({
  maxDeletesPercent: z.number().int().min(0).max(100).describe('Of what the tenant has of a kind at the target.'),
  maxDeletesCount: z.number().int().min(0).max(1_000_000).describe('The smaller of the two counts; 5 are always allowed.'),
});
const triggers = z.strictObject({ onCreate: z.boolean(), onUpdate: z.boolean(), onDelete: z.boolean() });
/** When targets are compared with what is wanted; null takes an inherited schedule away. */
const schedule = scheduleSchema.nullable().describe('When targets are compared by themselves. An ISO 8601 duration, or the five fields of cron in UTC; null: not, whatever the parent says.');

const tagKey = z.string().min(1).max(128).regex(/^(?!wami-|managed-by$|aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  'a tag key is letters, digits, spaces and _ . : / = + - @, and is not one of the reserved wami-*, managed-by, aws:*');
const tagValue = z.string().max(256).regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'a tag value is letters, digits, spaces and _ . : / = + - @');

/** More tags than any cloud has room for beside WAMI's own marks. */
export const MAX_TAGS = 40;

/** Tag keys and values that every cloud with tags can hold. Keys that start with `wami-` and `managed-by` are WAMI's own marks. */
export const tagsSchema = z.record(tagKey, tagValue).refine((tags) => Object.keys(tags).length <= MAX_TAGS, `at most ${MAX_TAGS} tags`).meta({ id: 'Tags' });

/** Tags are merged key by key; null takes one away. How many that leaves is checked where the others are known. */
export const tagsPatchSchema = z.record(tagKey, tagValue.nullable()).meta({ id: 'TagsPatch' });

/** What a tenant said about how it is synced; what is left out is inherited from the parent. */
export const saidSyncConfigSchema = z.strictObject({
  providers: z.array(targetSchema).max(50).optional(),
  direction: directionSchema.optional(),
  triggers: triggers.partial().extend({ schedule: schedule.optional() }).optional(),
  conflictResolution: conflictStrategySchema.optional(),
  deletionPolicy: deletionPolicySchema.optional(),
  kinds: kindsSaid.optional(),
  retry: retry.partial().optional(),
  guard: guard.partial().optional().describe('So much may be taken away of each kind at a target at once, and within 24 hours; more is held until somebody approves it.'),
  tags: tagsSchema.optional(),
}).meta({ id: 'SaidSyncConfig' });
export type SyncConfigPatch = z.infer<typeof saidSyncConfigSchema>;

/** What a tenant may say: of the kinds that there are. */
export const syncConfigPatchSchema = saidSyncConfigSchema.extend({ kinds: settingsOfKinds(RESOURCE_KINDS).optional() }).meta({ id: 'SyncConfigPatch' });

/** A tenant's settings with inheritance resolved: nothing is left out. */
export const syncConfigSchema = z.strictObject({
  providers: z.array(targetSchema),
  direction: directionSchema,
  triggers: triggers.extend({ schedule: z.string().optional().describe('Left out: targets are compared only when somebody asks.') }),
  conflictResolution: conflictStrategySchema,
  deletionPolicy: deletionPolicySchema,
  kinds: kindsSaid,
  retry,
  guard,
  tags: z.record(z.string(), z.string()),
}).meta({ id: 'SyncConfig' });
export type SyncConfig = z.infer<typeof syncConfigSchema>;

export const DEFAULT_SYNC_CONFIG: SyncConfig = {
  providers: [], direction: 'push', triggers: { onCreate: true, onUpdate: true, onDelete: true }, conflictResolution: 'fail',
  deletionPolicy: 'delete', kinds: {}, retry: { maxRetries: 8, baseDelayMs: 500, maxDelayMs: 60_000 },
  guard: { maxDeletesPercent: 20, maxDeletesCount: 100 }, tags: {},
};

/** Narrows the tenant's targets for one resource: `aws` names all accounts of a provider, `aws/000000000001` one. */
export const syncToProvidersSchema = z.array(z.string().max(161).regex(/^[a-z][a-z0-9-]{0,31}(\/[A-Za-z0-9][A-Za-z0-9._:@-]*)?$/,
  'write `provider` or `provider/account`')).max(50).meta({ id: 'SyncToProviders', examples: [['aws'], ['aws/000000000001']] });
