import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { trimmedText } from '../text';
import { policyDocumentSchema, READ_REPORTS } from './policy-document';
import { iamPathSchema, resourceNameSchema } from './users';

const description = trimmedText(1000);

const providerDocument = z.record(z.string(), z.unknown());
/** What a cloud gets instead of `document`: for AWS in the same language, for the others in their own form. */
export const providerDocumentsSchema = z.strictObject({
  aws: providerDocument.optional(), gcp: providerDocument.optional(), azure: providerDocument.optional(),
}).describe('What a cloud gets instead of `document`: for AWS in the IAM language, for the others in their own form.').meta({ id: 'ProviderDocuments' });

export const createPolicySchema = z.strictObject({
  tenant: tenantPathSchema, policyName: resourceNameSchema, path: iamPathSchema.optional(), description: description.optional(), document: policyDocumentSchema,
  providerDocuments: providerDocumentsSchema.optional(), tags: tagsSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreatePolicy', examples: [{ tenant: 'default', policyName: 'read-reports', document: READ_REPORTS }] });
export type CreatePolicy = z.infer<typeof createPolicySchema>;

/** JSON merge patch (RFC 7396), but a document is one value; `tags` and `providerDocuments` are merged key by key. */
export const patchPolicySchema = z.strictObject({
  policyName: resourceNameSchema.optional(), path: iamPathSchema.nullable().optional(), description: description.nullable().optional(),
  document: policyDocumentSchema.optional(),
  providerDocuments: z.strictObject({
    aws: providerDocument.nullable().optional(), gcp: providerDocument.nullable().optional(), azure: providerDocument.nullable().optional(),
  }).nullable().optional(),
  tags: tagsPatchSchema.nullable().optional(), syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchPolicy', examples: [{ document: READ_REPORTS }] });
export type PatchPolicy = z.infer<typeof patchPolicySchema>;

export const policyViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), policyName: z.string(), path: z.string(), description: z.string().optional(),
  document: policyDocumentSchema, documentVersion: z.number().int().describe('From 1; counts the changes of `document` and `providerDocuments`.'),
  providerDocuments: z.record(z.string(), providerDocument).optional(), tags: z.record(z.string(), z.string()), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'Policy' });
export type PolicyView = z.infer<typeof policyViewSchema>;

/** A document as it was at some time. */
export const policyVersionSchema = z.object({
  documentVersion: z.number().int(), current: z.boolean(), document: policyDocumentSchema, providerDocuments: z.record(z.string(), providerDocument).optional(),
  version: z.number().int().describe('Of the policy, when this became its document.'), createdAt: z.iso.datetime(), createdBy: z.string(),
}).meta({ id: 'PolicyVersion' });
export type PolicyVersionView = z.infer<typeof policyVersionSchema>;
