import { createLoginProfileSchema, loginProfileViewSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateLoginProfileDto extends createDto(createLoginProfileSchema) {}
export class WrittenLoginProfileDto extends createDto(loginProfileViewSchema.extend({ sync: syncMapSchema.optional() })) {}
