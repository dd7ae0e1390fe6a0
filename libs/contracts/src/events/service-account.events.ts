import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { inlinePolicyChanges } from './inline-policies';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());

export const serviceAccountCreated = defineEvent('wami.service-account.created.v1',
  z.strictObject({ path: z.string(), tags, syncToProviders: syncToProvidersSchema.optional() }),
  z.strictObject({ accountName: z.string(), displayName: z.string().optional(), description: z.string().optional() }));

/** Only what changed stands in it; null takes a value away. */
export const serviceAccountUpdated = defineEvent('wami.service-account.updated.v1',
  z.strictObject({ path: z.string().optional(), tags: tags.optional(), syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ displayName: z.string().nullable().optional(), description: z.string().nullable().optional() }));

export const serviceAccountRenamed = defineEvent('wami.service-account.renamed.v1', z.strictObject({}),
  z.strictObject({ accountName: z.string(), previousAccountName: z.string() }));

export const serviceAccountInlinePoliciesChanged = defineEvent('wami.service-account.inline-policies-changed.v1', z.strictObject({}), inlinePolicyChanges);

/** Whom it trusts may name people: personal. By name, each as a whole; null: that one is gone. */
export const serviceAccountFederationChanged = defineEvent('wami.service-account.federation-changed.v1', z.strictObject({}), z.strictObject({
  federation: z.record(z.string(), z.strictObject({ issuer: z.string(), subject: z.string(), audiences: z.array(z.string()).optional() }).nullable()),
}));

export const serviceAccountDeleted = defineEvent('wami.service-account.deleted.v1', z.strictObject({}), noPersonal);

export const SERVICE_ACCOUNT_EVENTS = [serviceAccountCreated, serviceAccountUpdated, serviceAccountRenamed, serviceAccountDeleted, serviceAccountInlinePoliciesChanged, serviceAccountFederationChanged] as const;
export type ServiceAccountEvent = NewEventOf<(typeof SERVICE_ACCOUNT_EVENTS)[number]>;
export type RecordedServiceAccountEvent = RecordedEventOf<(typeof SERVICE_ACCOUNT_EVENTS)[number]>;
