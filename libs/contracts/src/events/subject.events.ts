import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/**
 * Somebody was forgotten: what is personal in the events of this key is gone for good, and every read model blanks it. The last event of the
 * subject's own stream; `kind` is what the subject was.
 */
export const subjectErased = defineEvent('wami.subject.erased.v1', z.strictObject({ kind: z.string() }), noPersonal);

export const SUBJECT_EVENTS = [subjectErased] as const;
export type SubjectEvent = NewEventOf<(typeof SUBJECT_EVENTS)[number]>;
export type RecordedSubjectEvent = RecordedEventOf<(typeof SUBJECT_EVENTS)[number]>;

/** Says that the subject whose id is the event's key is to be blanked. */
export function isErasure(event: { readonly type: string }): boolean {
  return event.type === subjectErased.type;
}
