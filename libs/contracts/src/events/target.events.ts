import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** How a target is: whether it can be called, not whether it agrees. */
export const targetHealthSchema = z.enum(['ok', 'throttled', 'quarantined', 'credentials-rejected', 'not-connected', 'unused']).meta({ id: 'TargetHealth' });
export type TargetHealth = z.infer<typeof targetHealthSchema>;

/** What an adapter can hold of one kind, and where it cannot, why. */
export const targetCapabilitySchema = z.strictObject({
  kind: z.string(), supported: z.boolean(), reason: z.string().optional(), rename: z.boolean(), tags: z.boolean(), facets: z.array(z.string()), bounded: z.boolean(),
}).meta({ id: 'TargetCapability' });
export type TargetCapability = z.infer<typeof targetCapabilitySchema>;

/** Calls a second that the provider is taken to allow. */
export const targetRateSchema = z.strictObject({ access: z.enum(['read', 'write']), perSecond: z.number() }).meta({ id: 'TargetRate' });
export const targetLimitsSchema = z.strictObject({ requestsPerSecond: z.number().optional(), concurrency: z.number().int() }).meta({ id: 'TargetLimits' });
export const targetModeSchema = z.enum(['write', 'observe']).meta({ id: 'TargetMode' });

/**
 * How a target is and what it can hold, as its sync service sees it; all of it, whenever something of it changed. It belongs to no tenant: `tenants` are the
 * patterns of those that may use it, absent where everyone may. `principal`: whom this installation's own credentials name there. `expiresAt`: when they
 * end, where that is known. Stream and key: the target.
 */
export const targetReported = defineEvent('wami.target.reported.v1', z.strictObject({
  provider: z.string(), account: z.string(), health: targetHealthSchema, reason: z.string().optional(), tenants: z.array(z.string()).optional(), mode: targetModeSchema.optional(),
  limits: targetLimitsSchema.optional(), rates: z.array(targetRateSchema),
  credentials: z.strictObject({ type: z.string(), principal: z.string().optional(), expiresAt: z.iso.datetime().optional() }).optional(),
  capabilities: z.array(targetCapabilitySchema),
}), noPersonal);

export const SYNC_TARGET_EVENTS = [targetReported] as const;
export type SyncTargetEvent = NewEventOf<(typeof SYNC_TARGET_EVENTS)[number]>;
export type RecordedSyncTargetEvent = RecordedEventOf<(typeof SYNC_TARGET_EVENTS)[number]>;
