import { z } from 'zod';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';

/**
 * Nothing is called for bindings of the event's tenant ('' is every tenant) and below that fit all that is given. `until`: it ends by itself
 * then. Key: the resource where it is about one, else the pause. Why stands in free text: personal, under the key of that.
 */
export const pauseStarted = defineEvent('wami.pause.started.v1', z.strictObject({
  provider: z.string().optional(), account: z.string().optional(), resource: z.string().optional(), until: z.iso.datetime().optional(),
}), z.strictObject({ reason: z.string() }));

/** Somebody resumed, or it was over: what it held goes on. `together`: other pauses that the same command ended, told by one of them. */
export const pauseEnded = defineEvent('wami.pause.ended.v1', z.strictObject({ together: z.array(z.string()).optional() }), z.strictObject({ reason: z.string().optional() }));

export const PAUSE_EVENTS = [pauseStarted, pauseEnded] as const;
export type PauseEvent = NewEventOf<(typeof PAUSE_EVENTS)[number]>;
export type RecordedPauseEvent = RecordedEventOf<(typeof PAUSE_EVENTS)[number]>;
