import { roleSchema, syncErrorCodeSchema, syncStateNameSchema, targetSchema } from '@wami/contracts';
import { z } from 'zod';

/** What the console reads of answers that have no schema in the contracts. */

export const whoAmISchema = z.object({ actor: z.string(), role: roleSchema, tenant: z.string() });
export type WhoAmI = z.infer<typeof whoAmISchema>;

export const resourceSchema = z.object({
  id: z.string(), arn: z.string(), kind: z.string(), tenant: z.string(), name: z.string(), version: z.number(), createdAt: z.string(), updatedAt: z.string(),
  states: z.array(z.object({ ...targetSchema.shape, state: syncStateNameSchema })).optional(), document: z.record(z.string(), z.unknown()).optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

export const eventSchema = z.looseObject({
  id: z.string(), type: z.string(), time: z.string(), subject: z.string(), tenant: z.string(), key: z.string(), stream: z.string(), actor: z.string(),
  streamversion: z.number(), position: z.string(), correlationid: z.string(), causationid: z.string().optional(),
  data: z.object({ data: z.unknown(), personal: z.unknown() }),
});
export type LogEvent = z.infer<typeof eventSchema>;

export const summarySchema = z.object({
  counts: z.array(z.object({ ...targetSchema.shape, kind: z.string(), state: syncStateNameSchema, count: z.number() })),
  oldestPendingAt: z.string().optional(), lagSeconds: z.number(), errors: z.array(z.object({ code: syncErrorCodeSchema, count: z.number() })),
  settleSeconds: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }),
});
export type Summary = z.infer<typeof summarySchema>;

export const pageOf = <T>(item: z.ZodType<T>): z.ZodType<{ items: T[]; nextCursor?: string | undefined }> => z.object({ items: z.array(item), nextCursor: z.string().optional() });

/** What is asked of parked events is answered in several ways, and seen in their list. */
export const askedSchema = z.looseObject({});

/** What a verb answers at once: the job that carries it out. */
export const startedJobSchema = z.object({ job: z.string() });
