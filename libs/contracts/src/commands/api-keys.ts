import { z } from 'zod';
import { instantSchema } from '../instant';
import { tenantPathSchema } from '../tenant-path';

/** What a caller may do; which role may do what is decided in `libs/platform/src/auth/permissions.ts`. */
export const ROLES = ['viewer', 'editor', 'operator', 'admin'] as const;
export const roleSchema = z.enum(ROLES).meta({ id: 'CallerRole' });
export type Role = z.infer<typeof roleSchema>;

/** One pattern: of two the OpenAPI document loses the type. */
const name = z.string().max(256).regex(/^[^\p{C}]*[^\p{Z}\p{C}][^\p{C}]*$/u, 'a name has printable characters only, one of them visible').trim();

export const createApiKeySchema = z.strictObject({
  tenant: tenantPathSchema, role: roleSchema, name,
  expiresAt: instantSchema.optional(),
}).meta({ id: 'CreateApiKey', examples: [{ tenant: 'default', role: 'viewer', name: 'dashboard', expiresAt: '2027-01-31T12:00:00Z' }] });
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

/** How long the secret before goes on being taken after a rotation, where nothing is said; seconds. */
export const DEFAULT_OVERLAP_SECONDS = 86_400;

export const rotateApiKeySchema = z.strictObject({
  overlapSeconds: z.number().int().min(0).max(30 * 86_400).optional().describe('The secret before is taken for so long; default a day, 0 ends it at once.'),
  expiresAt: instantSchema.nullable().optional().describe('New expiry; null: never. Left out: as before.'),
}).meta({ id: 'RotateApiKey', examples: [{ overlapSeconds: 3600 }] });
export type RotateApiKey = z.infer<typeof rotateApiKeySchema>;

export const apiKeyViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), role: roleSchema, name: z.string(), createdAt: z.string(),
  expiresAt: z.string().optional(), rotatedAt: z.string().optional(),
  previousSecretUntil: z.string().optional().describe('After a rotation: until when the secret before is taken.'),
  lastUsedAt: z.string().optional().describe('To about a minute; absent where it was never used.'),
}).meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;

/** The one answer that holds the secret; a repeat under the same Idempotency-Key and a dry run answer without it. */
export const issuedApiKeySchema = apiKeyViewSchema.extend({ secret: z.string().optional() }).meta({ id: 'IssuedApiKey' });
export type IssuedApiKey = z.infer<typeof issuedApiKeySchema>;
