import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** What would be taken away: the thing itself (`thing`), `<facet>:<id of the other end>` of a relation, or `inlinePolicies:<digest of the name>` and `federation:<digest of the name>`. */
export const takesSchema = z.array(z.string());

/** How much of a kind may be taken away at a target within 24 hours, and how much was when more was asked for. */
export const guardBudgetSchema = z.strictObject({
  kind: z.string(), allowed: z.number().int().min(0), taken: z.number().int().min(0).describe('Within the 24 hours before.'), asked: z.number().int().min(0).describe('What was to be taken away beside that.'),
}).meta({ id: 'GuardBudget' });
export type GuardBudget = z.infer<typeof guardBudgetSchema>;

/** Of `takes` as many as an event has room for; `more` counts the rest. */
export const heldRemovalSchema = z.strictObject({ resource: z.string(), kind: z.string(), takes: takesSchema, more: z.number().int().min(0) });
export type HeldRemoval = z.infer<typeof heldRemovalSchema>;

/**
 * More would be taken away of a tenant's things at a target than its guard allows: nothing more is, until somebody approves this list, part by
 * part in its order. `hash` is that of all parts so far, `held` how many they are. Stream: the approval at the target; key: the approval's id.
 */
export const guardTripped = defineEvent('wami.sync.guard-tripped.v1', z.strictObject({
  approval: z.string(), provider: z.string(), account: z.string(), part: z.number().int().min(1), items: z.array(heldRemovalSchema), held: z.number().int().min(1),
  budgets: z.array(guardBudgetSchema), hash: z.string(), expiresAt: z.iso.datetime(),
}), noPersonal);

export const guardReleaseSchema = z.enum(['approved', 'within-budget', 'expired']).meta({ id: 'GuardRelease' });
export type GuardRelease = z.infer<typeof guardReleaseSchema>;

/**
 * Nothing waits for this approval any more. `approved`: the first so many of its list may be taken away; whatever came in later is asked for
 * anew, as is all of it after `expired`. `within-budget`: all of it is allowed by now.
 */
export const guardReleased = defineEvent('wami.sync.guard-released.v1', z.strictObject({
  approval: z.string(), provider: z.string(), account: z.string(), why: guardReleaseSchema, approved: z.number().int().min(0),
}), noPersonal);

/** Identity has heard of a part of what a guard holds. Stream and key: the approval's id. */
export const approvalAsked = defineEvent('wami.approval.asked.v1', z.strictObject({
  provider: z.string(), account: z.string(), part: z.number().int().min(1), held: z.number().int().min(1), hash: z.string(), expiresAt: z.iso.datetime(),
}), noPersonal);

/** Just the list of this hash may be taken away. */
export const approvalApproved = defineEvent('wami.approval.approved.v1', z.strictObject({ provider: z.string(), account: z.string(), hash: z.string() }), noPersonal);

/** None of it is to be taken away: it stays held. */
export const approvalRejected = defineEvent('wami.approval.rejected.v1', z.strictObject({ provider: z.string(), account: z.string() }), noPersonal);

/** Nothing waits for it any more, and nobody needs to decide. */
export const approvalClosed = defineEvent('wami.approval.closed.v1', z.strictObject({ why: guardReleaseSchema }), noPersonal);

export const APPROVAL_EVENTS = [approvalAsked, approvalApproved, approvalRejected, approvalClosed] as const;
export const SYNC_APPROVAL_EVENTS = [guardTripped, guardReleased] as const;
export type ApprovalEvent = NewEventOf<(typeof APPROVAL_EVENTS)[number]>;
export type SyncApprovalEvent = NewEventOf<(typeof SYNC_APPROVAL_EVENTS)[number]>;
export type RecordedApprovalEvent = RecordedEventOf<(typeof APPROVAL_EVENTS)[number]>;
export type RecordedSyncApprovalEvent = RecordedEventOf<(typeof SYNC_APPROVAL_EVENTS)[number]>;
