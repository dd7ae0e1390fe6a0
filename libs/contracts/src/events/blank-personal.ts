import { z } from 'zod';
import type { RecordedEvent } from '../event-envelope';
import { ALL_EVENTS } from './registry';

const BLANKS = ['', {}] as const;

/**
 * The least that the schema takes: '' for a text that must be there, {} for an object. It is what is left of a person whose key was
 * destroyed. Thrown where a schema asks for something that has no blank: then the field is to be optional.
 */
function blankOf(type: string, schema: z.ZodType): object {
  if (schema.safeParse({}).success) return {};
  const fields = schema instanceof z.ZodObject ? Object.entries(schema.shape as Record<string, z.ZodType>) : [];
  const blank = Object.fromEntries(fields.filter(([, field]) => !field.safeParse(undefined).success)
    .map(([name, field]) => [name, BLANKS.find((value) => field.safeParse(value).success)]));
  if (!schema.safeParse(blank).success) throw new Error(`${type}: personal has a field that cannot be blank`);
  return blank;
}

const blanks = new Map(ALL_EVENTS.map(({ type, personal }) => [type as string, blankOf(type, personal)]));

/** The event with blank fields where nothing is left of `personal`; every other event as it is. */
export function withBlanks(event: RecordedEvent): RecordedEvent {
  const blank = blanks.get(event.type);
  if (!blank || !isEmpty(event.personal) || isEmpty(blank)) return event;
  return { ...event, personal: blank };
}

/** The event as it reads once its subject was erased: everything else in it stays, and it still fits its schema. */
export function withoutPersonal<E extends RecordedEvent>(event: E): E {
  return { ...event, personal: blanks.get(event.type) ?? {} };
}

function isEmpty(personal: unknown): boolean {
  return typeof personal === 'object' && personal !== null && Object.keys(personal).length === 0;
}
