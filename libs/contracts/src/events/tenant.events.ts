import { z } from 'zod';
import { saidSyncConfigSchema, settingsOfKinds, targetSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';

/** Nothing of this event is about a person. */
export const noPersonal = z.strictObject({});

const metadata = z.record(z.string(), z.string());
const quotas = z.record(z.string(), z.number().int().min(0));

export const tenantCreated = defineEvent('wami.tenant.created.v1', z.strictObject({
  tenantId: z.string(), path: z.string(), name: z.string(), providerAccounts: z.array(targetSchema), quotas, metadata,
}), noPersonal);

/** Only what changed stands in it. */
export const tenantUpdated = defineEvent('wami.tenant.updated.v1', z.strictObject({
  name: z.string().optional(), providerAccounts: z.array(targetSchema).optional(), quotas: quotas.optional(), metadata: metadata.optional(),
}), noPersonal);

/** The first version named these kinds and no other. */
const configOfV1 = saidSyncConfigSchema.extend({ kinds: settingsOfKinds(['user', 'group', 'role', 'policy', 'service-account']).optional() }).meta({ id: 'SyncConfigPatch' });
export const tenantSyncConfiguredV1 = defineEvent('wami.tenant.sync-configured.v1', z.strictObject({ config: configOfV1 }), noPersonal);

/** Replaces the tenant's own settings; what is left out is inherited. */
export const tenantSyncConfigured = defineEvent('wami.tenant.sync-configured.v2', z.strictObject({ config: saidSyncConfigSchema }), noPersonal);

/** A forced deletion began: everything in the tenant is deleted, then the tenant. Nothing new is taken in meanwhile. */
export const tenantDeletionRequested = defineEvent('wami.tenant.deletion-requested.v1', z.strictObject({ job: z.string() }), noPersonal);

export const tenantDeleted = defineEvent('wami.tenant.deleted.v1', z.strictObject({}), noPersonal);

/** Versions that have a successor: they stand in logs for ever, and come to nobody but through the upcasters. */
export const TENANT_EVENTS_BEFORE = [tenantSyncConfiguredV1] as const;
export const TENANT_EVENTS = [tenantCreated, tenantUpdated, tenantSyncConfigured, tenantDeletionRequested, tenantDeleted] as const;
export type TenantEvent = NewEventOf<(typeof TENANT_EVENTS)[number]>;
export type RecordedTenantEvent = RecordedEventOf<(typeof TENANT_EVENTS)[number]>;
