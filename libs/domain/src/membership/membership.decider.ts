import { membershipId, type MembershipEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { eventAbout } from '../resource-ref';

export interface MembershipEnds {
  readonly groupId: string;
  readonly userId: string;
  /** Tenant of the user: the relation is the user's. */
  readonly tenant: string;
  readonly instance: string;
}
export interface Membership { readonly present: boolean }
export type MembershipCommand = { readonly type: 'add' | 'remove'; readonly ends: MembershipEnds };

function decide(membership: Membership, { type, ends }: MembershipCommand): MembershipEvent[] {
  const wanted = type === 'add';
  if (membership.present === wanted) return [];
  const { groupId, userId, tenant, instance } = ends;
  const ref = { id: membershipId(groupId, userId), tenant, instance };
  return [eventAbout('membership', ref, {
    type: wanted ? 'wami.membership.added.v1' : 'wami.membership.removed.v1', data: { groupId, userId }, personal: {},
  }, userId)];
}

function evolve(_membership: Membership, event: MembershipEvent): Membership {
  switch (event.type) {
    case 'wami.membership.added.v1': return { present: true };
    case 'wami.membership.removed.v1': return { present: false };
    default: return unreachable(event);
  }
}

export const membershipDecider = { initialState: { present: false }, decide, evolve } satisfies Decider<Membership, MembershipCommand, MembershipEvent>;
