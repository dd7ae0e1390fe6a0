import { z } from 'zod';

export const READ_REPORTS = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'ReadReports', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }],
};

/** A policy in the IAM language, as JSON. Its grammar is checked by the domain, with the place of each error. */
export const policyDocumentSchema = z.record(z.string(), z.unknown())
  .describe('A policy in the IAM policy language. One value: a patch replaces it as a whole.').meta({ id: 'PolicyDocument', examples: [READ_REPORTS] });

/** AWS's own syntax: nobody else has inline policies. */
export const inlinePolicyNameSchema = z.string().min(1).max(128).regex(/^[\w+=,.@-]+$/, 'the name of an inline policy has letters, digits and + = , . @ _ -');

const WHAT = 'Policies that are part of it and go with it, by their names. Only AWS has them.';
export const inlinePoliciesSchema = z.record(inlinePolicyNameSchema, policyDocumentSchema).describe(WHAT);
export const inlinePoliciesPatchSchema = z.record(inlinePolicyNameSchema, policyDocumentSchema.nullable()).nullable().describe(`${WHAT} Merged name by name: null takes one away, or all of them.`);
export const inlinePoliciesViewSchema = z.record(z.string(), policyDocumentSchema).describe(WHAT);
