import { createMfaDeviceSchema, mfaDeviceViewSchema, syncMapSchema } from '@wami/contracts';
import { createDto } from '@wami/platform';

export class CreateMfaDeviceDto extends createDto(createMfaDeviceSchema) {}
export class MfaDeviceDto extends createDto(mfaDeviceViewSchema) {}
export class WrittenMfaDeviceDto extends createDto(mfaDeviceViewSchema.extend({ sync: syncMapSchema.optional() })) {}
