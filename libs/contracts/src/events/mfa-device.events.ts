import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** `sealTo` is a public key, and whose it is the caller's own matter. */
export const mfaDeviceCreated = defineEvent('wami.mfa-device.created.v1', z.strictObject({
  ownerId: z.string(), ownerKind: z.literal('user'), deviceName: z.string(), syncToProviders: syncToProvidersSchema.optional(),
}), z.strictObject({ sealTo: z.string() }));

export const mfaDeviceDeleted = defineEvent('wami.mfa-device.deleted.v1', z.strictObject({}), noPersonal);

/**
 * A target made the device, and it is enabled. `serialNumber` is what the target calls it; `sealedSeed` the address `otpauth://` with its seed, sealed to
 * `sealTo`. In the stream of the binding, with its success; there is no other copy of the seed anywhere.
 */
export const syncSeedIssued = defineEvent('wami.sync.seed-issued.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), version: z.number().int(),
}), z.strictObject({ serialNumber: z.string().optional(), sealedSeed: z.string().optional() }));

export const MFA_DEVICE_EVENTS = [mfaDeviceCreated, mfaDeviceDeleted] as const;
export const SYNC_SEED_EVENTS = [syncSeedIssued] as const;
export type MfaDeviceEvent = NewEventOf<(typeof MFA_DEVICE_EVENTS)[number]>;
export type RecordedMfaDeviceEvent = RecordedEventOf<(typeof MFA_DEVICE_EVENTS)[number]>;
export type RecordedSyncSeedEvent = RecordedEventOf<(typeof SYNC_SEED_EVENTS)[number]>;
