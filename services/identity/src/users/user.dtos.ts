import { createUserSchema, patchUserSchema, syncMapSchema, userViewSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateUserDto extends createDto(createUserSchema) {}
export class PatchUserDto extends createDto(patchUserSchema) {}
export class UserDto extends createDto(userViewSchema) {}
export class WrittenUserDto extends createDto(userViewSchema.extend({ sync: syncMapSchema.optional() })) {}
