import { z } from 'zod';
import { trimmedText } from '../text';
import { policyDocumentSchema } from './policy-document';
import { policyReferenceSchema } from './users';

const name = trimmedText(128).describe('Stands for the policy in the answer.');
const inline = z.strictObject({ document: policyDocumentSchema, name: name.optional() });
const stored = z.strictObject({ policy: policyReferenceSchema });
const given = z.union([stored, inline]);
const account = z.string().min(1).max(255);

const value = z.union([z.string().max(2048), z.number(), z.boolean()]);
const context = z.record(z.string().min(1).max(256), z.union([value, z.array(value).max(100)]))
  .refine((keys) => Object.keys(keys).length <= 100, 'at most 100 context keys');

/** Principals that WAMI does not keep, by what AWS calls them. */
const outside = z.strictObject({
  type: z.enum(['user', 'role', 'roleSession', 'federatedUserSession', 'root', 'service', 'federated', 'canonicalUser', 'anonymous']),
  id: z.string().min(1).max(2048).describe('An ARN; for a service or an identity provider its name; `*` for nobody in particular.'),
});

export const simulateSchema = z.strictObject({
  principal: z.union([z.string().min(1).max(2048), outside]).describe(
    'The id or ARN of a user, role or service account; the ARN of an AWS principal; or, for services and others without an ARN, `{type, id}`.'),
  action: z.string().max(256).regex(/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/, 'an action is service:Name, without wildcards'),
  resource: z.string().min(1).max(2048).default('*').describe(
    'An ARN without wildcards, the id or ARN of a role, or `*` for actions without a resource. Of a role its trust policy counts, where the action is to assume it.'),
  context: context.optional().describe(
    'Condition keys. What is known of the principal (name, tags, ARN, account) need not be given, and gives way to what is.'),
  account: account.optional().describe(
    "The account in which the principal asks. By default: the resource's, where the principal's tenant is synced to that AWS account or to none; else the first that it is synced to."),
  resourceAccount: account.optional().describe('Where the ARN does not name it, as with buckets.'),
  attached: z.boolean().default(true).describe(
    'Whether what is stored counts: attached and inline policies, also those of groups, the permissions boundary and the trust policy. False tries out `policies` alone.'),
  policies: z.strictObject({
    identity: z.array(given).max(50).optional().describe('Beside those that are attached.'),
    resource: z.array(inline).max(10).optional().describe('Policies on the resource; for actions that assume a role its trust policies.'),
    boundary: given.optional().describe('Instead of the one that is stored.'),
  }).optional(),
}).meta({
  id: 'Simulate',
  examples: [{
    principal: 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', action: 's3:GetObject', resource: 'arn:aws:s3:::reports/2026.pdf', context: { 'aws:MultiFactorAuthPresent': true },
  }],
});
export type Simulate = z.infer<typeof simulateSchema>;

const layer = z.enum(['identity', 'resource', 'boundary']);

const statementSchema = z.object({
  layer, policy: z.string().describe('The id of a policy, of the role for its trust policy; for an inline policy that and its name; the name of one that was given inline, or its place in the request.'),
  policyName: z.string().optional(), via: z.array(z.string()).optional().describe('Ids of what it is attached to: the principal itself, its groups.'),
  statement: z.number().int().describe('Counted from 0.'), sid: z.string().optional(), pointer: z.string().describe("Into the policy's document."), effect: z.enum(['Allow', 'Deny']),
}).meta({ id: 'DecidingStatement' });

export const simulationSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  because: z.discriminatedUnion('by', [
    z.object({ by: z.literal('statement'), statement: statementSchema }),
    z.object({ by: z.literal('missingAllow'), layer: layer.describe("The first layer, in AWS's order, in which no statement allows.") }),
    z.object({ by: z.literal('accountRoot') }),
  ]),
  matched: z.array(statementSchema).describe('Every statement that applied, allowing or denying.'),
  missingContextKeys: z.array(z.string()).describe('Keys that statements asked for and the request lacks: with them the answer might differ.'),
  principal: z.object({ id: z.string().optional(), arn: z.string(), type: z.string(), account: z.string().optional() }),
  resource: z.object({ id: z.string().optional(), arn: z.string(), account: z.string().optional() }),
  policies: z.array(statementSchema.pick({ layer: true, policy: true, policyName: true, via: true })).describe('All that was looked at.'),
}).meta({ id: 'Simulation' });
export type SimulationView = z.infer<typeof simulationSchema>;
