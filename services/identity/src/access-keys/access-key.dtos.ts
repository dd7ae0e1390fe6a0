import { accessKeyViewSchema, createAccessKeySchema, patchAccessKeySchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateAccessKeyDto extends createDto(createAccessKeySchema) {}
export class PatchAccessKeyDto extends createDto(patchAccessKeySchema) {}
export class AccessKeyDto extends createDto(accessKeyViewSchema) {}
export class WrittenAccessKeyDto extends createDto(accessKeyViewSchema.extend({ sync: syncMapSchema.optional() })) {}
