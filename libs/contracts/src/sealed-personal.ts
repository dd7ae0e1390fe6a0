import { z } from 'zod';

/** `personal` of an event as it lies at rest and travels: encrypted under the key of the event's subject. */
export const sealedPersonalSchema = z.strictObject({
  sealed: z.literal('v1'), value: z.string().regex(/^[A-Za-z0-9_-]{38,}$/),
}).meta({ id: 'SealedPersonal' });
export type SealedPersonal = z.infer<typeof sealedPersonalSchema>;

/** No published schema of `personal` has a field `sealed`. */
export function isSealed(personal: unknown): personal is SealedPersonal {
  return typeof personal === 'object' && personal !== null && 'sealed' in personal && personal.sealed === 'v1' && 'value' in personal && typeof personal.value === 'string';
}
