import { z } from 'zod';
import { syncToProvidersSchema, targetSchema } from '../sync-config';
import { sealToSchema } from './seal-to';

const deviceName = z.string().regex(/^[A-Za-z0-9_+=,.@-]{1,64}$/, 'a device is called by 1 to 64 letters, digits and +=,.@_-')
  .describe('Which of the devices of the user it is. It stays in the log of events: no place for the name of a person.');

export const createMfaDeviceSchema = z.strictObject({ deviceName, sealTo: sealToSchema, syncToProviders: syncToProvidersSchema.optional() })
  .meta({ id: 'CreateMfaDevice', examples: [{ deviceName: 'phone', sealTo: 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=' }] });
export type CreateMfaDevice = z.infer<typeof createMfaDeviceSchema>;

export const mfaDeviceViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), owner: z.string().describe('Id of the user.'), deviceName: z.string(),
  sealTo: z.string(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'MfaDevice' });
export type MfaDeviceView = z.infer<typeof mfaDeviceViewSchema>;

export const issuedMfaDeviceSchema = z.object({
  ...targetSchema.shape, serialNumber: z.string().describe('What the target calls it.'), issuedAt: z.iso.datetime(),
  sealedSeed: z.string().describe('The address `otpauth://` with its seed, sealed to `sealTo` as docs/mfa-devices.md says; base64.'),
}).meta({ id: 'IssuedMfaDevice' });

export const mfaDeviceItemSchema = mfaDeviceViewSchema.omit({ sealTo: true, syncToProviders: true }).extend({
  createdAt: z.iso.datetime(), updatedAt: z.iso.datetime(), issued: z.array(issuedMfaDeviceSchema).describe('What clouds made of it, each with its own seed.'),
}).meta({ id: 'MfaDeviceItem' });
export type MfaDeviceItem = z.infer<typeof mfaDeviceItemSchema>;
