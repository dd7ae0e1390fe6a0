import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';
import { inlinePoliciesPatchSchema, inlinePoliciesSchema, inlinePoliciesViewSchema, policyDocumentSchema } from './policy-document';
import { iamPathSchema, policyReferenceSchema, resourceNameSchema } from './users';

const description = trimmedText(1000);
const maxSessionDuration = z.number().int().min(3600).max(43_200).describe('Seconds that a session may last; 3600 where nothing is said.');

const FOR_TASKS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] };

export const createRoleSchema = z.strictObject({
  tenant: tenantPathSchema, roleName: resourceNameSchema, path: iamPathSchema.optional(), description: description.optional(), trustPolicy: policyDocumentSchema,
  maxSessionDuration: maxSessionDuration.optional(), permissionsBoundary: policyReferenceSchema.optional(), inlinePolicies: inlinePoliciesSchema.optional(), tags: tagsSchema.optional(),
  syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreateRole', examples: [{ tenant: 'default', roleName: 'report-writer', trustPolicy: FOR_TASKS }] });
export type CreateRole = z.infer<typeof createRoleSchema>;

/** JSON merge patch (RFC 7396), but the trust policy is one value; `tags` are merged key by key, `inlinePolicies` name by name. */
export const patchRoleSchema = z.strictObject({
  roleName: resourceNameSchema.optional(), path: iamPathSchema.nullable().optional(), description: description.nullable().optional(),
  trustPolicy: policyDocumentSchema.optional(), maxSessionDuration: maxSessionDuration.nullable().optional(),
  permissionsBoundary: policyReferenceSchema.nullable().optional(), inlinePolicies: inlinePoliciesPatchSchema.optional(), tags: tagsPatchSchema.nullable().optional(),
  syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchRole', examples: [{ maxSessionDuration: 7200 }] });
export type PatchRole = z.infer<typeof patchRoleSchema>;

export const roleViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), roleName: z.string(), path: z.string(), description: z.string().optional(),
  trustPolicy: policyDocumentSchema, maxSessionDuration: z.number().int(), permissionsBoundary: z.string().optional(), inlinePolicies: inlinePoliciesViewSchema.optional(),
  tags: z.record(z.string(), z.string()),
  syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'Role' });
export type RoleView = z.infer<typeof roleViewSchema>;
