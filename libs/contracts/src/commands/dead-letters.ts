import { z } from 'zod';
import { providerNameSchema } from '../sync-config';

const text = (most: number) => z.string().min(1).max(most).regex(/^[^\u0000]*$/, 'must not contain NUL');

export const deadLetterSchema = z.object({
  id: z.string().describe('Of the event; before it the consumer and a colon, where that is a sync service.'),
  consumer: z.string().describe('Who could not take it in: `projection`, or a sync service such as `sync-aws`.'), event: z.string(), source: z.string(), type: z.string(), tenant: z.string(),
  resource: z.string().describe('Its key: later events of the same source and key wait behind it, so that their order holds.'),
  reason: z.string(), waiting: z.boolean().describe('Whether it waits behind an earlier one, and may be fine itself.'),
  attempts: z.number().int().describe('How often it was tried on its own.'), parkedAt: z.iso.datetime(), triedAt: z.iso.datetime(),
  skipped: z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).optional().describe('Left out for good, by whom and why.'),
}).meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** With the event, sealed parts left out. */
export const deadLetterEventSchema = z.object({
  ...deadLetterSchema.shape, stream: z.string(), version: z.number().int(), time: z.string(), data: z.record(z.string(), z.unknown()), behind: z.number().int().describe('How many wait behind it.'),
}).meta({ id: 'DeadLetterEvent' });
export type DeadLetterEvent = z.infer<typeof deadLetterEventSchema>;

export const skipDeadLetterSchema = z.strictObject({ reason: text(500).describe('Kept beside it.') })
  .meta({ id: 'SkipDeadLetter', examples: [{ reason: 'the resource is stated anew' }] });
export type SkipDeadLetter = z.infer<typeof skipDeadLetterSchema>;

export const deadLettersTriedSchema = z.object({ takenIn: z.number().int(), parked: z.number().int().describe('Of those that were tried, how many still are.') }).meta({ id: 'DeadLettersTried' });
export type DeadLettersTried = z.infer<typeof deadLettersTriedSchema>;

export const askRetrySchema = z.strictObject({
  provider: providerNameSchema.optional().describe('Only what the sync service of this provider parked.'), event: text(128).optional().describe('Only the line of this event.'),
}).meta({ id: 'AskRetry', examples: [{}, { provider: 'aws', event: 'evt_01JZW4M8T0ANN0000000000001' }] });
export type AskRetry = z.infer<typeof askRetrySchema>;

export const askSkipSchema = z.strictObject({ provider: providerNameSchema, event: text(128), reason: text(500).describe('Kept in the log for good: no name of a person.') })
  .meta({ id: 'AskSkip', examples: [{ provider: 'aws', event: 'evt_01JZW4M8T0ANN0000000000001', reason: 'the resource is stated anew' }] });
export type AskSkip = z.infer<typeof askSkipSchema>;

export const askedOfParkedSchema = z.object({ request: z.string() }).meta({ id: 'AskedOfParked' });
export type AskedOfParked = z.infer<typeof askedOfParkedSchema>;
