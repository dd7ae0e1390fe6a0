import { createPolicySchema, patchPolicySchema, policyVersionSchema, policyViewSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';
import { z } from 'zod';

export class CreatePolicyDto extends createDto(createPolicySchema) {}
export class PatchPolicyDto extends createDto(patchPolicySchema) {}
export class PolicyDto extends createDto(policyViewSchema) {}
export class WrittenPolicyDto extends createDto(policyViewSchema.extend({ sync: syncMapSchema.optional() })) {}
export class PolicyVersionsDto extends createDto(z.object({ items: z.array(policyVersionSchema) })) {}
