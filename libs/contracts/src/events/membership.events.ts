import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

const ends = z.strictObject({ groupId: z.string(), userId: z.string() });

/** Stream `mem_...`, key the user's id: a user's groups are a facet of the user, so they stay in order with the user's own events. */
export const membershipAdded = defineEvent('wami.membership.added.v1', ends, noPersonal);
export const membershipRemoved = defineEvent('wami.membership.removed.v1', ends, noPersonal);

export const MEMBERSHIP_EVENTS = [membershipAdded, membershipRemoved] as const;
export type MembershipEvent = NewEventOf<(typeof MEMBERSHIP_EVENTS)[number]>;
export type RecordedMembershipEvent = RecordedEventOf<(typeof MEMBERSHIP_EVENTS)[number]>;
