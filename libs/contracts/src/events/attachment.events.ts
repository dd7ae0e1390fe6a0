import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** Kinds that a policy can be attached to. */
export const ATTACHMENT_OWNER_KINDS = ['user', 'group', 'role', 'service-account'] as const;
export type AttachmentOwnerKind = (typeof ATTACHMENT_OWNER_KINDS)[number];

const ends = z.strictObject({ policyId: z.string(), ownerId: z.string(), ownerKind: z.enum(ATTACHMENT_OWNER_KINDS) });

/** Stream `att_...`, key the owner's id: the policies of an identity are a facet of it, so they stay in order with its own events. */
export const attachmentAdded = defineEvent('wami.attachment.added.v1', ends, noPersonal);
export const attachmentRemoved = defineEvent('wami.attachment.removed.v1', ends, noPersonal);

export const ATTACHMENT_EVENTS = [attachmentAdded, attachmentRemoved] as const;
export type AttachmentEvent = NewEventOf<(typeof ATTACHMENT_EVENTS)[number]>;
export type RecordedAttachmentEvent = RecordedEventOf<(typeof ATTACHMENT_EVENTS)[number]>;
