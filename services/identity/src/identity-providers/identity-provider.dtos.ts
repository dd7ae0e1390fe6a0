import { createIdentityProviderSchema, identityProviderViewSchema, patchIdentityProviderSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateIdentityProviderDto extends createDto(createIdentityProviderSchema) {}
export class PatchIdentityProviderDto extends createDto(patchIdentityProviderSchema) {}
export class IdentityProviderDto extends createDto(identityProviderViewSchema) {}
export class WrittenIdentityProviderDto extends createDto(identityProviderViewSchema.extend({ sync: syncMapSchema.optional() })) {}
