import { z } from 'zod';
import { syncToProvidersSchema, targetSchema } from '../sync-config';
import { sealToSchema } from './seal-to';

export const createLoginProfileSchema = z.strictObject({ sealTo: sealToSchema, syncToProviders: syncToProvidersSchema.optional() })
  .meta({ id: 'CreateLoginProfile', examples: [{ sealTo: 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=' }] });
export type CreateLoginProfile = z.infer<typeof createLoginProfileSchema>;

export const loginProfileViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), owner: z.string().describe('Id of the user.'),
  sealTo: z.string(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'LoginProfile' });
export type LoginProfileView = z.infer<typeof loginProfileViewSchema>;

export const issuedPasswordSchema = z.object({
  ...targetSchema.shape, profileCreatedAt: z.iso.datetime().describe('When the target says that it made it: what tells it from another of the same user.'), issuedAt: z.iso.datetime(),
  sealedPassword: z.string().describe('Sealed to `sealTo` as docs/login-profiles.md says; base64.'),
}).meta({ id: 'IssuedPassword' });

export const loginProfileItemSchema = loginProfileViewSchema.omit({ sealTo: true, syncToProviders: true }).extend({
  createdAt: z.iso.datetime(), updatedAt: z.iso.datetime(), issued: z.array(issuedPasswordSchema).describe('What clouds made of it, each with its own password.'),
}).meta({ id: 'LoginProfileItem' });
export type LoginProfileItem = z.infer<typeof loginProfileItemSchema>;
