import { createGroupSchema, groupViewSchema, patchGroupSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateGroupDto extends createDto(createGroupSchema) {}
export class PatchGroupDto extends createDto(patchGroupSchema) {}
export class GroupDto extends createDto(groupViewSchema) {}
export class WrittenGroupDto extends createDto(groupViewSchema.extend({ sync: syncMapSchema.optional() })) {}
