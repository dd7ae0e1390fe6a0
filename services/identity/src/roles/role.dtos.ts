import { createRoleSchema, patchRoleSchema, roleViewSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateRoleDto extends createDto(createRoleSchema) {}
export class PatchRoleDto extends createDto(patchRoleSchema) {}
export class RoleDto extends createDto(roleViewSchema) {}
export class WrittenRoleDto extends createDto(roleViewSchema.extend({ sync: syncMapSchema.optional() })) {}
