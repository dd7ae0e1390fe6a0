import { apiKeyViewSchema, createApiKeySchema, issuedApiKeySchema, rotateApiKeySchema, tenantPathSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import { z } from 'zod';

export class CreateApiKeyDto extends createDto(createApiKeySchema) {}
/** May be left out. */
export class RotateApiKeyDto extends createDto(rotateApiKeySchema.default({})) {}
/** What the document says of it: a schema with a default is described without its fields. */
export class RotateApiKeyBodyDto extends createDto(rotateApiKeySchema) {}
export class ApiKeyDto extends createDto(apiKeyViewSchema) {}
export class IssuedApiKeyDto extends createDto(issuedApiKeySchema) {}

export class ApiKeyListQueryDto extends createDto(z.strictObject({
  tenant: tenantPathSchema.optional().describe('Includes its children; by default your own.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(64).optional(),
})) {}

export class ApiKeyListDto extends createDto(z.object({ items: z.array(apiKeyViewSchema), nextCursor: z.string().optional() })) {}
