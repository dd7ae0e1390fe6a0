import { z } from 'zod';
import { endSchema } from '../instant';
import { tenantPathSchema } from '../tenant-path';
import { isReservedTopic } from '../topics';

const filterText = (longest: number): z.ZodString => z.string().min(1).max(longest).regex(/^[^\u0000]*$/, 'must not contain NUL');

/** A position of an answer, or a time. */
export const replayEndSchema = endSchema.describe('A position, or a time with its zone (RFC 3339): events up to it, in the order in which they were taken in.');

const topicSchema = z.string().min(1).max(249).regex(/^[A-Za-z0-9._-]+$/, 'must be letters, digits, dots, underscores and hyphens').refine((topic) => topic !== '.' && topic !== '..', 'must be more than dots')
  .refine((topic) => !isReservedTopic(topic), 'is a name of WAMI\'s own or Kafka\'s: everything that reads the log would take what is replayed for new; name another')
  .describe('Of Kafka; made where it is missing. Names that begin with `wami.` are WAMI\'s own.');

export const replayEventsSchema = z.strictObject({
  topic: topicSchema,
  after: z.string().max(4096).optional().describe('A position: only what was taken in after it.'),
  until: replayEndSchema.optional(),
  types: z.array(filterText(128)).min(1).max(50).optional().describe('Full types of events; one of them is enough.'),
  tenant: tenantPathSchema.optional().describe('Includes its children.'),
  resource: filterText(512).optional().describe('Id of a resource: what is about it, relations and outcomes too.'),
  limit: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('At most so many events.'),
}).meta({ examples: [{ topic: 'audit.replay' }] });
export type ReplayEvents = z.infer<typeof replayEventsSchema>;

export const eventReplaySchema = z.object({
  job: z.string(), topic: z.string(), state: z.enum(['running', 'done', 'cancelled']), types: z.array(z.string()).optional(), tenant: z.string().optional(), resource: z.string().optional(), limit: z.number().int().optional(),
  sent: z.number().int().describe('Events that are in the topic.'), looked: z.number().int().describe('Events that were looked at, of `total`.'), total: z.number().int(),
  position: z.string().describe('Everything up to here that was asked for is in the topic.'),
  error: z.string().optional().describe('What it waits for: tried again until it succeeds or is cancelled.'), actor: z.string(), createdAt: z.iso.datetime(), finishedAt: z.iso.datetime().optional(),
}).meta({ id: 'EventReplay' });
export type EventReplay = z.infer<typeof eventReplaySchema>;
