import { z } from 'zod';

export const batchSchema = z.strictObject({
  operations: z.array(z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']), path: z.string().startsWith('/v1/').max(1024),
    body: z.record(z.string(), z.unknown()).optional(), idempotencyKey: z.string().min(1).max(255).optional(),
    ifMatch: z.string().min(1).max(255).optional().describe('As the header If-Match.'),
  })).min(1).max(1000),
}).meta({ id: 'Batch', examples: [{ operations: [{ method: 'POST', path: '/v1/users', body: { tenant: 'default', userName: 'ann' }, idempotencyKey: 'ann-1' }] }] });
export type Batch = z.infer<typeof batchSchema>;

export const batchResultSchema = z.object({
  results: z.array(z.object({ status: z.number().int(), headers: z.record(z.string(), z.string()).optional(), body: z.unknown() })),
}).meta({ id: 'BatchResult' });
export type BatchResult = z.infer<typeof batchResultSchema>;
