import { z } from 'zod';

/** Documents and what they are called name people and what they do: both are personal. By name; null: that one is gone. */
export const inlinePolicyChanges = z.strictObject({ inlinePolicies: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()) });
