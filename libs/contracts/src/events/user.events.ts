import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { adoptionSchema } from './adoption';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { inlinePolicyChanges } from './inline-policies';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());

export const userCreated = defineEvent('wami.user.created.v1',
  z.strictObject({ path: z.string(), tags, permissionsBoundary: z.string().optional(), syncToProviders: syncToProvidersSchema.optional() }),
  z.strictObject({ userName: z.string(), displayName: z.string().optional(), email: z.string().optional(), adopts: adoptionSchema.optional() }));

/** Only what changed stands in it; null takes a value away. */
export const userUpdated = defineEvent('wami.user.updated.v1',
  z.strictObject({ path: z.string().optional(), tags: tags.optional(), permissionsBoundary: z.string().nullable().optional(),
    syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ displayName: z.string().nullable().optional(), email: z.string().nullable().optional() }));

export const userRenamed = defineEvent('wami.user.renamed.v1', z.strictObject({}), z.strictObject({ userName: z.string(), previousUserName: z.string() }));

export const userInlinePoliciesChanged = defineEvent('wami.user.inline-policies-changed.v1', z.strictObject({}), inlinePolicyChanges);

export const userDeleted = defineEvent('wami.user.deleted.v1', z.strictObject({}), noPersonal);

export const USER_EVENTS = [userCreated, userUpdated, userRenamed, userDeleted, userInlinePoliciesChanged] as const;
export type UserEvent = NewEventOf<(typeof USER_EVENTS)[number]>;
export type RecordedUserEvent = RecordedEventOf<(typeof USER_EVENTS)[number]>;
