import { attachmentId, type AttachmentEvent, type AttachmentOwnerKind } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { eventAbout } from '../resource-ref';

export interface AttachmentEnds {
  readonly policyId: string;
  readonly ownerId: string;
  readonly ownerKind: AttachmentOwnerKind;
  /** Tenant of the owner: the relation is the owner's. */
  readonly tenant: string;
  readonly instance: string;
}
export interface Attachment { readonly present: boolean }
export type AttachmentCommand = { readonly type: 'add' | 'remove'; readonly ends: AttachmentEnds };

function decide(attachment: Attachment, { type, ends }: AttachmentCommand): AttachmentEvent[] {
  const wanted = type === 'add';
  if (attachment.present === wanted) return [];
  const { policyId, ownerId, ownerKind, tenant, instance } = ends;
  const ref = { id: attachmentId(policyId, ownerId), tenant, instance };
  return [eventAbout('attachment', ref, {
    type: wanted ? 'wami.attachment.added.v1' : 'wami.attachment.removed.v1', data: { policyId, ownerId, ownerKind }, personal: {},
  }, ownerId)];
}

function evolve(_attachment: Attachment, event: AttachmentEvent): Attachment {
  switch (event.type) {
    case 'wami.attachment.added.v1': return { present: true };
    case 'wami.attachment.removed.v1': return { present: false };
    default: return unreachable(event);
  }
}

export const attachmentDecider = { initialState: { present: false }, decide, evolve } satisfies Decider<Attachment, AttachmentCommand, AttachmentEvent>;
