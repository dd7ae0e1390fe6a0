import { given } from '@wami/testing';
import type { MembershipEvent } from '@wami/contracts';
import { membershipDecider, type MembershipCommand } from './membership.decider';

const ends = { groupId: 'grp_G', userId: 'usr_U', tenant: 'acme', instance: 'local' };
const add: MembershipCommand = { type: 'add', ends };
const remove: MembershipCommand = { type: 'remove', ends };
const event = (type: MembershipEvent['type']): MembershipEvent => ({
  type,
  stream: 'mem_G_U',
  key: 'usr_U',
  tenant: 'acme',
  subject: 'arn:wami:iam:acme:wami:local:membership/mem_G_U',
  data: { groupId: 'grp_G', userId: 'usr_U' },
  personal: {},
});
const added = event('wami.membership.added.v1');
const removed = event('wami.membership.removed.v1');

describe('a membership', () => {
  it("is in order with the user's own events", () => given(membershipDecider, []).when(add).then([added]));
  it('that is there is not added again', () => given(membershipDecider, [added]).when(add).thenNothing());
  it('can be removed', () => given(membershipDecider, [added]).when(remove).then([removed]));
  it('that is not there is not removed', () => given(membershipDecider, []).when(remove).thenNothing());
  it('that was removed is not removed again', () => given(membershipDecider, [added, removed]).when(remove).thenNothing());
  it('can come back', () => given(membershipDecider, [added, removed]).when(add).then([added]));
});
