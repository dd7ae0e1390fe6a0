import { z } from 'zod';
import { syncToProvidersSchema, targetSchema } from '../sync-config';
import { sealToSchema } from './seal-to';

/** What an access key can belong to. */
export const KEY_OWNER_KINDS = ['user', 'service-account'] as const;
export type KeyOwnerKind = (typeof KEY_OWNER_KINDS)[number];

export const keyStatusSchema = z.enum(['active', 'inactive']).meta({ id: 'AccessKeyStatus' });
export type KeyStatus = z.infer<typeof keyStatusSchema>;

export const createAccessKeySchema = z.strictObject({ sealTo: sealToSchema, syncToProviders: syncToProvidersSchema.optional() })
  .meta({ id: 'CreateAccessKey', examples: [{ sealTo: 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=' }] });
export type CreateAccessKey = z.infer<typeof createAccessKeySchema>;

export const patchAccessKeySchema = z.strictObject({ status: keyStatusSchema.optional() }).meta({ id: 'PatchAccessKey', examples: [{ status: 'inactive' }] });
export type PatchAccessKey = z.infer<typeof patchAccessKeySchema>;

export const accessKeyViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), owner: z.string().describe('Id of the user or service account.'),
  ownerKind: z.enum(KEY_OWNER_KINDS), status: keyStatusSchema, sealTo: z.string(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'AccessKey' });
export type AccessKeyView = z.infer<typeof accessKeyViewSchema>;

export const issuedKeySchema = z.object({
  ...targetSchema.shape, accessKeyId: z.string(), issuedAt: z.iso.datetime(), sealedSecret: z.string().describe('Sealed to `sealTo` as docs/access-keys.md says; base64.'),
}).meta({ id: 'IssuedAccessKey' });

export const accessKeyItemSchema = accessKeyViewSchema.omit({ sealTo: true, syncToProviders: true }).extend({
  createdAt: z.iso.datetime(), updatedAt: z.iso.datetime(), issued: z.array(issuedKeySchema).describe('What clouds made of it, each with its own id and secret.'),
}).meta({ id: 'AccessKeyItem' });
export type AccessKeyItem = z.infer<typeof accessKeyItemSchema>;
