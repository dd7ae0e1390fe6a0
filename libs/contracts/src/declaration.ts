import { z } from 'zod';
import { createGroupSchema } from './commands/groups';
import { createIdentityProviderSchema, samlProviderSchema } from './commands/identity-providers';
import { createPolicySchema } from './commands/policies';
import { inlinePolicyNameSchema, policyDocumentSchema } from './commands/policy-document';
import { createRoleSchema } from './commands/roles';
import { createServiceAccountSchema } from './commands/service-accounts';
import { createTenantSchema } from './commands/tenants';
import { createUserSchema, resourceNameSchema } from './commands/users';
import { syncConfigPatchSchema, tagsSchema } from './sync-config';
import { tenantPathSchema } from './tenant-path';

/** The tag, and of tenants the metadata, that names the declaration which a thing belongs to. */
export const DECLARED_BY = 'declared-by';

export const declarationNameSchema = z.string().max(63)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'the name of a declaration is at most 63 of a-z, 0-9, dots and hyphens, beginning and ending with a letter or digit');

const reference = (of: string) => z.union([resourceNameSchema, z.strictObject({ name: resourceNameSchema, tenant: tenantPathSchema })], `write ${of}, or {name, tenant}`);
const policy = reference('the name of a policy').describe('A policy by its name: of this tenant or the nearest one above that has it; {name, tenant} says which.');
const member = reference('the name of a user').describe('A user by its name, of the same tenant as the group; {name, tenant} for one of a tenant below.');
const document = z.union([policyDocumentSchema, z.string().min(1).max(1024)], 'write the policy, or the name of a file with it')
  .describe('A policy in the IAM language: here, or in a file of JSON or YAML that is named relative to this one.');

const tags = tagsSchema.refine((all) => !Object.hasOwn(all, DECLARED_BY), `${DECLARED_BY} is written by apply itself`).optional();
const policies = z.array(policy).max(1000).optional().describe('Attached policies.');
const boundary = policy.optional();
const inlinePolicies = z.record(inlinePolicyNameSchema, document).optional().describe('Policies that are part of it, by their names. Only AWS has them.');

const user = createUserSchema.omit({ tenant: true, userName: true }).extend({ tags, permissionsBoundary: boundary, policies, inlinePolicies });
const group = createGroupSchema.omit({ tenant: true, groupName: true }).extend({
  tags, policies, inlinePolicies, members: z.array(member).max(100_000).optional().describe('Who is in the group.'),
});
const role = createRoleSchema.omit({ tenant: true, roleName: true }).extend({ tags, permissionsBoundary: boundary, policies, inlinePolicies, trustPolicy: document });
const declaredPolicy = createPolicySchema.omit({ tenant: true, policyName: true }).extend({
  tags, document, providerDocuments: z.strictObject({ aws: document.optional(), gcp: document.optional(), azure: document.optional() }).optional(),
});
const serviceAccount = createServiceAccountSchema.omit({ tenant: true, accountName: true }).extend({ tags, policies, inlinePolicies });

const identityProvider = createIdentityProviderSchema.omit({ tenant: true, providerName: true }).extend({
  tags, saml: samlProviderSchema.extend({ metadata: z.string().min(1).max(131_072).describe('The metadata document: here, or the name of a file with it, relative to this one.') }).optional(),
});

const named = <T extends z.ZodType>(schema: T) => z.record(resourceNameSchema, schema).optional();

const tenant = createTenantSchema.omit({ id: true }).partial().extend({
  metadata: createTenantSchema.shape.metadata.refine((all) => !Object.hasOwn(all ?? {}, DECLARED_BY), `${DECLARED_BY} is written by apply itself`),
  syncConfig: syncConfigPatchSchema.optional().describe("The tenant's own settings as a whole; what they leave out is inherited."),
  users: named(user.nullable()), groups: named(group.nullable()), roles: named(role), policies: named(declaredPolicy), serviceAccounts: named(serviceAccount.nullable()), identityProviders: named(identityProvider),
}).describe('A tenant and what is in it. Its own fields that are left out stay as they are.');

/** An organisation as a file declares it, for `wami apply`. Names stand for ids; null (`ann:` alone) is a thing with nothing more to say of it. */
export const declarationSchema = z.strictObject({
  version: z.literal(1).default(1).describe('Of this format.'),
  declaration: declarationNameSchema.describe('What apply makes is marked with this name; only what carries it is ever pruned.'),
  tenants: z.record(tenantPathSchema, tenant.nullable()).describe('By their paths.'),
}).meta({ id: 'Declaration', title: 'A declared organisation of WAMI' });
export type DeclarationFile = z.infer<typeof declarationSchema>;
