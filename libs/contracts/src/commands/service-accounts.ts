import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';
import { federationPatchSchema, federationSchema, federationViewSchema } from './federation';
import { inlinePoliciesPatchSchema, inlinePoliciesSchema, inlinePoliciesViewSchema } from './policy-document';
import { iamPathSchema, resourceNameSchema } from './users';

const displayName = trimmedText(256);
const description = trimmedText(1000);

export const createServiceAccountSchema = z.strictObject({
  tenant: tenantPathSchema, accountName: resourceNameSchema, path: iamPathSchema.optional(), displayName: displayName.optional(),
  description: description.optional(), tags: tagsSchema.optional(), inlinePolicies: inlinePoliciesSchema.optional(),
  federation: federationSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreateServiceAccount', examples: [{ tenant: 'default', accountName: 'deployer' }] });
export type CreateServiceAccount = z.infer<typeof createServiceAccountSchema>;

/** JSON merge patch (RFC 7396): null takes a value away, `tags` are merged key by key, `inlinePolicies` and `federation` name by name. */
export const patchServiceAccountSchema = z.strictObject({
  accountName: resourceNameSchema.optional(), path: iamPathSchema.nullable().optional(), displayName: displayName.nullable().optional(),
  description: description.nullable().optional(), tags: tagsPatchSchema.nullable().optional(),
  inlinePolicies: inlinePoliciesPatchSchema.optional(), federation: federationPatchSchema.optional(), syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchServiceAccount', examples: [{ description: 'Deploys the web shop' }] });
export type PatchServiceAccount = z.infer<typeof patchServiceAccountSchema>;

export const serviceAccountViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), accountName: z.string(), path: z.string(), displayName: z.string().optional(),
  description: z.string().optional(), tags: z.record(z.string(), z.string()), inlinePolicies: inlinePoliciesViewSchema.optional(),
  federation: federationViewSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'ServiceAccount' });
export type ServiceAccountView = z.infer<typeof serviceAccountViewSchema>;
