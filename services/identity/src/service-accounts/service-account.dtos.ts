import { createServiceAccountSchema, patchServiceAccountSchema, serviceAccountViewSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateServiceAccountDto extends createDto(createServiceAccountSchema) {}
export class PatchServiceAccountDto extends createDto(patchServiceAccountSchema) {}
export class ServiceAccountDto extends createDto(serviceAccountViewSchema) {}
export class WrittenServiceAccountDto extends createDto(serviceAccountViewSchema.extend({ sync: syncMapSchema.optional() })) {}
