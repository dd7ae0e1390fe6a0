import type { z } from 'zod';
import type { NewEvent, RecordedEvent } from '../event-envelope';

/** A published event type: its name and the schemas of its two parts. Never edited; a change is a new version with an upcaster. */
export interface EventDefinition<Type extends string, Data extends z.ZodType, Personal extends z.ZodType> {
  readonly type: Type;
  readonly data: Data;
  readonly personal: Personal;
}

export function defineEvent<const Type extends string, Data extends z.ZodType, Personal extends z.ZodType>(
  type: Type, data: Data, personal: Personal,
): EventDefinition<Type, Data, Personal> {
  return { type, data, personal };
}

export type NewEventOf<D> = D extends EventDefinition<infer T, infer Data, infer P> ? NewEvent<T, z.infer<Data>, z.infer<P>> : never;
export type RecordedEventOf<D> = D extends EventDefinition<infer T, infer Data, infer P> ? RecordedEvent<T, z.infer<Data>, z.infer<P>> : never;
