import type { RecordedEvent } from '../event-envelope';
import { ALL_EVENTS } from './registry';

interface Part { safeParse(value: unknown): { readonly success: boolean } }

const blanks = new Map(ALL_EVENTS.map(({ type, personal }): [string, object] => [type, blankOf(personal.shape)]));

/** As little as the schema takes: nothing where it asks for nothing, else an empty text, else an empty object. */
function blankOf(shape: Readonly<Record<string, Part>>): object {
  const required = Object.entries(shape).filter(([, part]) => !part.safeParse(undefined).success);
  return Object.fromEntries(required.map(([name, part]) => [name, part.safeParse('').success ? '' : {}]));
}

/** The event as it reads once its subject was erased: everything else in it stays, and it still fits its schema. */
export function withoutPersonal<E extends RecordedEvent>(event: E): E {
  return { ...event, personal: blanks.get(event.type) ?? {} };
}
