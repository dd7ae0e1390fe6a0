import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';
import { inlinePoliciesPatchSchema, inlinePoliciesSchema, inlinePoliciesViewSchema } from './policy-document';

/** A name that some cloud could hold: 1 to 128 printable characters without surrounding blanks; each cloud narrows it further. */
export const resourceNameSchema = z.string().min(1).max(128)
  .regex(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, 'a name has 1 to 128 printable characters and no blank at its ends');

/** AWS's own path syntax: begins and ends with a slash. */
export const iamPathSchema = z.string().min(1).max(512).regex(/^\/(?:[\x21-\x7e]+\/)?$/, 'a path begins and ends with a slash');

const displayName = trimmedText(256);
const email = z.email().max(254);

/** A policy by its id or its ARN. */
export const policyReferenceSchema = z.string().max(512)
  .regex(/^(?:arn:wami:iam:[^:]+:wami:[^:]+:policy\/)?pol_[0-9A-Z]{26}$/, 'write the id or the ARN of a policy')
  .meta({ examples: ['pol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y'] });

export const createUserSchema = z.strictObject({
  tenant: tenantPathSchema, userName: resourceNameSchema, path: iamPathSchema.optional(), displayName: displayName.optional(), email: email.optional(),
  tags: tagsSchema.optional(), permissionsBoundary: policyReferenceSchema.optional(), inlinePolicies: inlinePoliciesSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreateUser', examples: [{ tenant: 'default', userName: 'ann', tags: { team: 'core' } }] });
export type CreateUser = z.infer<typeof createUserSchema>;

/** JSON merge patch (RFC 7396): null takes a value away, `tags` are merged key by key, `inlinePolicies` name by name. */
export const patchUserSchema = z.strictObject({
  userName: resourceNameSchema.optional(), path: iamPathSchema.nullable().optional(), displayName: displayName.nullable().optional(),
  email: email.nullable().optional(), tags: tagsPatchSchema.nullable().optional(),
  permissionsBoundary: policyReferenceSchema.nullable().optional(), inlinePolicies: inlinePoliciesPatchSchema.optional(),
  syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchUser', examples: [{ userName: 'anna', tags: { team: null } }] });
export type PatchUser = z.infer<typeof patchUserSchema>;

export const userViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), userName: z.string(), path: z.string(),
  displayName: z.string().optional(), email: z.string().optional(), tags: z.record(z.string(), z.string()),
  permissionsBoundary: z.string().optional(), inlinePolicies: inlinePoliciesViewSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'User' });
export type UserView = z.infer<typeof userViewSchema>;
