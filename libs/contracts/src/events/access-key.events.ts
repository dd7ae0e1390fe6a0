import { z } from 'zod';
import { KEY_OWNER_KINDS } from '../commands/access-keys';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** `sealTo` is a public key, and whose it is the caller's own matter. */
export const accessKeyCreated = defineEvent('wami.access-key.created.v1', z.strictObject({
  ownerId: z.string(), ownerKind: z.enum(KEY_OWNER_KINDS), syncToProviders: syncToProvidersSchema.optional(),
}), z.strictObject({ sealTo: z.string() }));

export const accessKeyDeactivated = defineEvent('wami.access-key.deactivated.v1', z.strictObject({}), noPersonal);

export const accessKeyActivated = defineEvent('wami.access-key.activated.v1', z.strictObject({}), noPersonal);

export const accessKeyDeleted = defineEvent('wami.access-key.deleted.v1', z.strictObject({}), noPersonal);

/**
 * A target made the key. `accessKeyId` is what the provider calls it; `sealedSecret` its secret, sealed to `sealTo`. In the stream of the binding, with its
 * success; there is no other copy of the secret anywhere.
 */
export const syncKeyIssued = defineEvent('wami.sync.key-issued.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), version: z.number().int(),
}), z.strictObject({ accessKeyId: z.string().optional(), sealedSecret: z.string().optional() }));

export const ACCESS_KEY_EVENTS = [accessKeyCreated, accessKeyDeactivated, accessKeyActivated, accessKeyDeleted] as const;
export const SYNC_KEY_EVENTS = [syncKeyIssued] as const;
export type AccessKeyEvent = NewEventOf<(typeof ACCESS_KEY_EVENTS)[number]>;
export type RecordedAccessKeyEvent = RecordedEventOf<(typeof ACCESS_KEY_EVENTS)[number]>;
export type RecordedSyncKeyEvent = RecordedEventOf<(typeof SYNC_KEY_EVENTS)[number]>;
