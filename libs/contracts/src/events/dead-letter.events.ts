import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/**
 * Somebody wants sync services to try what they have parked again, or to leave one event out for good and try what waits behind it. `provider`: only its
 * service; `event`: only the line of that event. Stream and key: the request's id; it belongs to no tenant.
 */
export const deadLettersRequested = defineEvent('wami.dead-letters.requested.v1', z.strictObject({
  verb: z.enum(['retry', 'skip']), provider: z.string().optional(), event: z.string().optional(), reason: z.string().optional(),
}), noPersonal);

/**
 * How an event of identity is that a sync service could not take in; all of it, whenever something of it changed: `parked`, with the reason and how often it
 * was tried; `skipped`, by whom and why; or `taken-in` after all. `resource` is the event's key, `tenant` its tenant. Stream and key: `<provider>/<event>`.
 */
export const deadLetterReported = defineEvent('wami.sync.dead-letter-reported.v1', z.strictObject({
  provider: z.string(), event: z.string(), type: z.string(), tenant: z.string(), resource: z.string(), state: z.enum(['parked', 'skipped', 'taken-in']), reason: z.string(),
  attempts: z.number().int().min(0), by: z.string().optional(), why: z.string().optional(),
}), noPersonal);

export const DEAD_LETTER_EVENTS = [deadLettersRequested] as const;
export const SYNC_DEAD_LETTER_EVENTS = [deadLetterReported] as const;
export type DeadLetterRequestEvent = NewEventOf<(typeof DEAD_LETTER_EVENTS)[number]>;
export type SyncDeadLetterEvent = NewEventOf<(typeof SYNC_DEAD_LETTER_EVENTS)[number]>;
export type RecordedDeadLetterEvent = RecordedEventOf<(typeof DEAD_LETTER_EVENTS)[number]>;
export type RecordedSyncDeadLetterEvent = RecordedEventOf<(typeof SYNC_DEAD_LETTER_EVENTS)[number]>;
