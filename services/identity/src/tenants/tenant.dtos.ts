import { createTenantSchema, patchTenantSchema, syncMapSchema, tenantPathSchema, tenantViewSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import { z } from 'zod';

export class CreateTenantDto extends createDto(createTenantSchema) {}
export class PatchTenantDto extends createDto(patchTenantSchema) {}
export class TenantDto extends createDto(tenantViewSchema) {}
export class WrittenTenantDto extends createDto(tenantViewSchema.extend({ sync: syncMapSchema.optional() })) {}

export class TenantListQueryDto extends createDto(z.strictObject({
  parent: tenantPathSchema.optional().describe('Only the children of this tenant; without it all that the caller sees.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
})) {}

export class TenantListDto extends createDto(z.object({ items: z.array(tenantViewSchema), nextCursor: z.string().optional() })) {}
export class JobStartedDto extends createDto(z.object({ job: z.string() })) {}
