import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** `sealTo` is a public key, and whose it is the caller's own matter. */
export const loginProfileCreated = defineEvent('wami.login-profile.created.v1', z.strictObject({
  ownerId: z.string(), ownerKind: z.literal('user'), syncToProviders: syncToProvidersSchema.optional(),
}), z.strictObject({ sealTo: z.string() }));

export const loginProfileDeleted = defineEvent('wami.login-profile.deleted.v1', z.strictObject({}), noPersonal);

/**
 * A target gave a user the password that was made for it. `profileCreatedAt` is when the target says that it made the login profile; `sealedPassword` the
 * password, sealed to `sealTo`. In the stream of the binding, with its success; there is no other copy of the password anywhere.
 */
export const syncPasswordIssued = defineEvent('wami.sync.password-issued.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), version: z.number().int(),
}), z.strictObject({ profileCreatedAt: z.string().optional(), sealedPassword: z.string().optional() }));

export const LOGIN_PROFILE_EVENTS = [loginProfileCreated, loginProfileDeleted] as const;
export const SYNC_PASSWORD_EVENTS = [syncPasswordIssued] as const;
export type LoginProfileEvent = NewEventOf<(typeof LOGIN_PROFILE_EVENTS)[number]>;
export type RecordedLoginProfileEvent = RecordedEventOf<(typeof LOGIN_PROFILE_EVENTS)[number]>;
export type RecordedSyncPasswordEvent = RecordedEventOf<(typeof SYNC_PASSWORD_EVENTS)[number]>;
