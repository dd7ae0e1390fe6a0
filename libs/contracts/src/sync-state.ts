import { z } from 'zod';

/** The closed list of what can go wrong at a provider. Texts may change, codes never. */
export const SYNC_ERROR_CODES = ['AlreadyExists', 'Conflict', 'NotFound', 'DependencyNotReady', 'AccessDenied', 'AuthExpired', 'Throttled',
  'LimitExceeded', 'InvalidRequest', 'Unsupported', 'Unavailable', 'NetworkError', 'Timeout', 'Internal'] as const;
export const syncErrorCodeSchema = z.enum(SYNC_ERROR_CODES).meta({ id: 'SyncErrorCode' });
export type SyncErrorCode = z.infer<typeof syncErrorCodeSchema>;

export const SYNC_STATES = ['Pending', 'Syncing', 'Synced', 'Failed', 'Skipped', 'NotConfigured'] as const;
export const syncStateNameSchema = z.enum(SYNC_STATES).meta({ id: 'SyncStateName' });
export type SyncStateName = z.infer<typeof syncStateNameSchema>;

/** From worst to best: what a list of resources shows of each. */
export const WORST_FIRST: readonly SyncStateName[] = ['Failed', 'Skipped', 'Pending', 'Syncing', 'NotConfigured', 'Synced'];

/** States that need no further work of an engine unless somebody asks. */
export const SETTLED_STATES: ReadonlySet<SyncStateName> = new Set(['Synced', 'Failed', 'Skipped', 'NotConfigured']);

export const syncOperationSchema = z.enum(['create', 'update', 'delete', 'adopt']).meta({ id: 'SyncOperation' });
export type SyncOperation = z.infer<typeof syncOperationSchema>;

export const syncErrorSchema = z.object({
  code: syncErrorCodeSchema,
  message: z.string().describe('For a person. Holds no secret.'),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
}).meta({ id: 'SyncError' });
export type SyncError = z.infer<typeof syncErrorSchema>;

const about = {
  resource: z.string(), kind: z.string(), tenant: z.string(), provider: z.string(), account: z.string(),
  operation: syncOperationSchema, updatedAt: z.iso.datetime(), name: z.string().optional().describe('What the resource is called now, where a list was asked for it with `include=name`.'),
};
const hint = z.string().optional().describe('What makes it go, for an operator. Text: it may change.');
const nextRetryAt = z.iso.datetime().optional().describe('When it is tried again by itself; absent where something has to happen first.');

/** Whether one resource agrees with one target, as every program reads it. */
export const syncStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('Pending'), reason: z.string().optional(), pausedBy: z.string().optional().describe('The pause that holds it.'),
    approval: z.string().optional().describe('Something would be taken away, and the guard holds it until this is approved.'), nextRetryAt, hint, ...about }),
  z.object({ state: z.literal('Syncing'), startedAt: z.iso.datetime(), attempt: z.number().int().min(1), hint, ...about }),
  z.object({ state: z.literal('Synced'), syncedAt: z.iso.datetime(), version: z.number().int(), providerResourceId: z.string().optional(),
    nativeArn: z.string(), ...about }),
  z.object({ state: z.literal('Failed'), error: syncErrorSchema, failedAt: z.iso.datetime(), retryCount: z.number().int().min(0),
    nextRetryAt, hint, ...about }),
  z.object({ state: z.literal('Skipped'), reason: z.string(), hint, ...about }),
  z.object({ state: z.literal('NotConfigured'), reason: z.string().optional(), hint, ...about }),
]).meta({ id: 'SyncState' });
export type SyncState = z.infer<typeof syncStateSchema>;

/** provider -> account -> state. */
export const syncMapSchema = z.record(z.string(), z.record(z.string(), syncStateSchema)).meta({ id: 'SyncMap' });
export type SyncMap = z.infer<typeof syncMapSchema>;
