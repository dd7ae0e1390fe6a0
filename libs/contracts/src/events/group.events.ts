import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { adoptionSchema } from './adoption';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { inlinePolicyChanges } from './inline-policies';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());
const groupName = z.strictObject({ groupName: z.string(), displayName: z.string().optional() });

export const groupCreated = defineEvent('wami.group.created.v1',
  z.strictObject({ tags, syncToProviders: syncToProvidersSchema.optional() }), groupName.extend({ adopts: adoptionSchema.optional() }));

/** Only what changed stands in it; null takes a value away. */
export const groupUpdated = defineEvent('wami.group.updated.v1',
  z.strictObject({ tags: tags.optional(), syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ displayName: z.string().nullable().optional() }));

export const groupRenamed = defineEvent('wami.group.renamed.v1', z.strictObject({}),
  z.strictObject({ groupName: z.string(), previousGroupName: z.string() }));

export const groupInlinePoliciesChanged = defineEvent('wami.group.inline-policies-changed.v1', z.strictObject({}), inlinePolicyChanges);

export const groupDeleted = defineEvent('wami.group.deleted.v1', z.strictObject({}), noPersonal);

export const GROUP_EVENTS = [groupCreated, groupUpdated, groupRenamed, groupDeleted, groupInlinePoliciesChanged] as const;
export type GroupEvent = NewEventOf<(typeof GROUP_EVENTS)[number]>;
export type RecordedGroupEvent = RecordedEventOf<(typeof GROUP_EVENTS)[number]>;
