import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());
const document = z.record(z.string(), z.unknown());

/** Documents name people by their native ids and names, and descriptions are free text: both are personal. */
export const policyCreated = defineEvent('wami.policy.created.v1',
  z.strictObject({ path: z.string(), tags, syncToProviders: syncToProvidersSchema.optional() }),
  z.strictObject({ policyName: z.string(), description: z.string().optional(), document, providerDocuments: z.record(z.string(), document).optional() }));

/** Only what changed stands in it, a document as a whole; null takes a value away. */
export const policyUpdated = defineEvent('wami.policy.updated.v1',
  z.strictObject({ path: z.string().optional(), tags: tags.optional(), syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ description: z.string().nullable().optional(), document: document.optional(), providerDocuments: z.record(z.string(), document).nullable().optional() }));

export const policyRenamed = defineEvent('wami.policy.renamed.v1', z.strictObject({}), z.strictObject({ policyName: z.string(), previousPolicyName: z.string() }));

export const policyDeleted = defineEvent('wami.policy.deleted.v1', z.strictObject({}), noPersonal);

export const POLICY_EVENTS = [policyCreated, policyUpdated, policyRenamed, policyDeleted] as const;
export type PolicyEvent = NewEventOf<(typeof POLICY_EVENTS)[number]>;
export type RecordedPolicyEvent = RecordedEventOf<(typeof POLICY_EVENTS)[number]>;
