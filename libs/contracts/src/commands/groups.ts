import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';
import { inlinePoliciesPatchSchema, inlinePoliciesSchema, inlinePoliciesViewSchema } from './policy-document';
import { resourceNameSchema } from './users';

const displayName = trimmedText(256);

export const createGroupSchema = z.strictObject({
  tenant: tenantPathSchema, groupName: resourceNameSchema, displayName: displayName.optional(), tags: tagsSchema.optional(),
  inlinePolicies: inlinePoliciesSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreateGroup', examples: [{ tenant: 'default', groupName: 'engineers' }] });
export type CreateGroup = z.infer<typeof createGroupSchema>;

/** JSON merge patch (RFC 7396): null takes a value away, `tags` are merged key by key, `inlinePolicies` name by name. */
export const patchGroupSchema = z.strictObject({
  groupName: resourceNameSchema.optional(), displayName: displayName.nullable().optional(),
  tags: tagsPatchSchema.nullable().optional(), inlinePolicies: inlinePoliciesPatchSchema.optional(),
  syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchGroup', examples: [{ displayName: 'Engineers', tags: { team: null } }] });
export type PatchGroup = z.infer<typeof patchGroupSchema>;

export const groupViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), groupName: z.string(), displayName: z.string().optional(),
  tags: z.record(z.string(), z.string()), inlinePolicies: inlinePoliciesViewSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'Group' });
export type GroupView = z.infer<typeof groupViewSchema>;
