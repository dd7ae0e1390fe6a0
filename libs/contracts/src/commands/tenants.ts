import { z } from 'zod';
import { targetSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';

const name = trimmedText(256);
/** Kinds of which a tenant, with the tenants below it, may be held to a number. */
export const QUOTA_KINDS = ['user', 'group', 'role', 'policy', 'service-account', 'access-key', 'login-profile', 'mfa-device', 'identity-provider', 'tenant', 'api-key'] as const;
export type QuotaKind = (typeof QUOTA_KINDS)[number];
const quotas = z.partialRecord(z.enum(QUOTA_KINDS), z.number().int().min(0)).describe('Most of each kind in the tenant and below it; what is there already stays.');
const metadata = z.record(z.string().min(1).max(128), z.string().max(1024)).refine((m) => Object.keys(m).length <= 50, 'at most 50 entries');

export const createTenantSchema = z.strictObject({
  id: tenantPathSchema, name, providerAccounts: z.array(targetSchema).max(50).optional(), quotas: quotas.optional(), metadata: metadata.optional(),
}).meta({ id: 'CreateTenant', examples: [{ id: 'acme', name: 'Acme' }] });
export type CreateTenant = z.infer<typeof createTenantSchema>;

/** JSON merge patch (RFC 7396): null takes a value away. */
export const patchTenantSchema = z.strictObject({
  name: name.optional(), providerAccounts: z.array(targetSchema).max(50).nullable().optional(), quotas: quotas.nullable().optional(),
  metadata: z.record(z.string().min(1).max(128), z.string().max(1024).nullable()).nullable().optional(),
}).meta({ id: 'PatchTenant', examples: [{ name: 'Acme Limited', metadata: { owner: 'it' } }] });
export type PatchTenant = z.infer<typeof patchTenantSchema>;

export const tenantViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), name: z.string(), parent: z.string().optional(), status: z.enum(['active', 'deleting']),
  providerAccounts: z.array(targetSchema), quotas: z.record(z.string(), z.number()), metadata: z.record(z.string(), z.string()),
}).meta({ id: 'Tenant' });
export type TenantView = z.infer<typeof tenantViewSchema>;
