import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { inlinePolicyChanges } from './inline-policies';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());
const document = z.record(z.string(), z.unknown());

/** A trust policy names people by their native ids and names: it is personal. `maxSessionDuration` in seconds. */
export const roleCreated = defineEvent('wami.role.created.v1',
  z.strictObject({ path: z.string(), tags, maxSessionDuration: z.number().int(), permissionsBoundary: z.string().optional(), syncToProviders: syncToProvidersSchema.optional() }),
  z.strictObject({ roleName: z.string(), description: z.string().optional(), trustPolicy: document }));

/** Only what changed stands in it, the trust policy as a whole; null takes a value away. */
export const roleUpdated = defineEvent('wami.role.updated.v1',
  z.strictObject({ path: z.string().optional(), tags: tags.optional(), maxSessionDuration: z.number().int().optional(),
    permissionsBoundary: z.string().nullable().optional(), syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ description: z.string().nullable().optional(), trustPolicy: document.optional() }));

export const roleRenamed = defineEvent('wami.role.renamed.v1', z.strictObject({}), z.strictObject({ roleName: z.string(), previousRoleName: z.string() }));

export const roleInlinePoliciesChanged = defineEvent('wami.role.inline-policies-changed.v1', z.strictObject({}), inlinePolicyChanges);

export const roleDeleted = defineEvent('wami.role.deleted.v1', z.strictObject({}), noPersonal);

export const ROLE_EVENTS = [roleCreated, roleUpdated, roleRenamed, roleDeleted, roleInlinePoliciesChanged] as const;
export type RoleEvent = NewEventOf<(typeof ROLE_EVENTS)[number]>;
export type RecordedRoleEvent = RecordedEventOf<(typeof ROLE_EVENTS)[number]>;
