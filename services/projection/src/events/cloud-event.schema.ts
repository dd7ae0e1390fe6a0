import type { WamiCloudEvent } from '@wami/contracts';
import { z } from 'zod';

/** `WamiCloudEvent` of the contracts, for the OpenAPI document. */
export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'), id: z.string(), source: z.string(), type: z.string(), subject: z.string(), time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'), data: z.object({ data: z.unknown(), personal: z.unknown() }), tenant: z.string(), key: z.string(),
  stream: z.string(), streamversion: z.number().int(), position: z.string(), actor: z.string(), correlationid: z.string(),
  causationid: z.string().optional(), traceparent: z.string().optional(), single: z.literal(true).optional(),
}).meta({ id: 'CloudEvent' }) satisfies z.ZodType<WamiCloudEvent>;
