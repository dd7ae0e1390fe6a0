import { z } from 'zod';
import { targetSchema } from '../sync-config';
import { syncErrorCodeSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** What came of asking a target who we are there: `ok`, why the provider did not say so, or that no connection can be used by whoever asked. */
export const checkOutcomeSchema = z.enum(['ok', 'not-connected', ...syncErrorCodeSchema.options]).meta({ id: 'CheckOutcome' });
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>;

/**
 * Somebody wants to know now whether targets take our credentials. Stream and key: the job's id; tenant: the one for which it is asked, of which nothing
 * is called that neither it nor one below it may use. `scope` is the tenant that the caller may touch.
 */
export const checkRequested = defineEvent('wami.check.requested.v1', z.strictObject({ scope: z.string(), targets: z.array(targetSchema) }), noPersonal);

/** What came of it at one target; how the target is was told before. Stream: the job's id and the target; key: the job's id. */
export const targetChecked = defineEvent('wami.sync.target-checked.v1', z.strictObject({
  job: z.string(), provider: z.string(), account: z.string(), outcome: checkOutcomeSchema,
}), noPersonal);

export const CHECK_EVENTS = [checkRequested] as const;
export const SYNC_CHECK_EVENTS = [targetChecked] as const;
export type CheckEvent = NewEventOf<(typeof CHECK_EVENTS)[number]>;
export type RecordedCheckEvent = RecordedEventOf<(typeof CHECK_EVENTS)[number]>;
export type RecordedSyncCheckEvent = RecordedEventOf<(typeof SYNC_CHECK_EVENTS)[number]>;
