import { given } from '@wami/testing';
import type { AttachmentEvent } from '@wami/contracts';
import { attachmentDecider, type AttachmentCommand } from './attachment.decider';

const ends = { policyId: 'pol_P', ownerId: 'rol_R', ownerKind: 'role', tenant: 'acme', instance: 'local' } as const;
const add: AttachmentCommand = { type: 'add', ends };
const remove: AttachmentCommand = { type: 'remove', ends };
const event = (type: AttachmentEvent['type']): AttachmentEvent => ({
  type, stream: 'att_P_rol_R', key: 'rol_R', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:attachment/att_P_rol_R',
  data: { policyId: 'pol_P', ownerId: 'rol_R', ownerKind: 'role' }, personal: {},
});
const added = event('wami.attachment.added.v1');
const removed = event('wami.attachment.removed.v1');

describe('an attachment of a policy', () => {
  it("is in order with its owner's own events", () => given(attachmentDecider, []).when(add).then([added]));
  it('that is there is not added again', () => given(attachmentDecider, [added]).when(add).thenNothing());
  it('can be removed', () => given(attachmentDecider, [added]).when(remove).then([removed]));
  it('that is not there is not removed', () => {
    given(attachmentDecider, []).when(remove).thenNothing();
    given(attachmentDecider, [added, removed]).when(remove).thenNothing();
  });
  it('can come back', () => given(attachmentDecider, [added, removed]).when(add).then([added]));
});
