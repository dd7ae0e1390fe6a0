import { z } from 'zod';
import { syncToProvidersSchema, tagsPatchSchema, tagsSchema } from '../sync-config';
import { tenantPathSchema } from '../tenant-path';
import { resourceNameSchema } from './users';

/** Of one OIDC provider at AWS (quotas of IAM). */
const MAX_CLIENTS = 100;
const MAX_THUMBPRINTS = 5;
/** AWS takes ten million; what is larger than this holds more than one provider. */
const LONGEST_METADATA = 131_072;

const different = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

/** Compared with the claim `iss` to the letter. */
const url = z.string().max(255)
  .regex(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(\/[A-Za-z0-9._~/-]*)?$/, 'an issuer is an address that begins with https://, its host in lower case, without port, user, query and fragment')
  .describe('Address of who issues the tokens: their claim `iss`, to the letter. It is what the provider is known by, and stays.');
const clientIds = z.array(z.string().max(255).regex(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, 'a client id has printable characters and no blank at its ends')).min(1).max(MAX_CLIENTS)
  .refine(different, 'no client id stands here twice').describe('Whom tokens are meant for: their claim `aud` is one of these.');
const thumbprints = z.array(z.string().regex(/^[0-9A-Fa-f]{40}$/, 'a thumbprint has 40 hexadecimal digits').toLowerCase()).min(1).max(MAX_THUMBPRINTS)
  .refine(different, 'no thumbprint stands here twice').describe("SHA-1 of certificates of the issuer's address. Left out: the cloud finds out by itself, and what stands there is nobody's concern.");

export const oidcProviderSchema = z.strictObject({ url, clientIds, thumbprints: thumbprints.optional() })
  .meta({ id: 'OidcProvider', examples: [{ url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] }] });
export type OidcProvider = z.infer<typeof oidcProviderSchema>;

const metadata = z.string().max(LONGEST_METADATA).regex(/^\s*<[\s\S]*>\s*$/, 'metadata is an XML document')
  .refine((text) => !text.includes('PRIVATE KEY'), 'metadata holds public certificates only')
  .describe('The metadata document of the provider (SAML 2.0), as it publishes it.');
export const samlProviderSchema = z.strictObject({ metadata }).meta({ id: 'SamlProvider' });
export type SamlProvider = z.infer<typeof samlProviderSchema>;

const EXAMPLE = { url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] };

export const createIdentityProviderSchema = z.strictObject({
  tenant: tenantPathSchema, providerName: resourceNameSchema,
  oidc: oidcProviderSchema.optional().describe('One that issues tokens of OpenID Connect. Either this or `saml`.'),
  saml: samlProviderSchema.optional().describe('One that signs assertions of SAML 2.0. Either this or `oidc`.'),
  tags: tagsSchema.optional(), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'CreateIdentityProvider', examples: [{ tenant: 'default', providerName: 'github', oidc: EXAMPLE }] });
export type CreateIdentityProvider = z.infer<typeof createIdentityProviderSchema>;

/** JSON merge patch (RFC 7396): lists are one value each, and `thumbprints` of null leaves them to the cloud. Neither address nor protocol changes. */
export const patchIdentityProviderSchema = z.strictObject({
  providerName: resourceNameSchema.optional(),
  oidc: z.strictObject({ url: url.optional(), clientIds: clientIds.optional(), thumbprints: thumbprints.nullable().optional() }).optional(),
  saml: samlProviderSchema.optional(), tags: tagsPatchSchema.nullable().optional(), syncToProviders: syncToProvidersSchema.nullable().optional(),
}).meta({ id: 'PatchIdentityProvider', examples: [{ oidc: { clientIds: ['sts.amazonaws.com', 'deploy'] } }] });
export type PatchIdentityProvider = z.infer<typeof patchIdentityProviderSchema>;

export const identityProviderViewSchema = z.object({
  id: z.string(), arn: z.string(), version: z.number().int(), tenant: z.string(), providerName: z.string(),
  oidc: oidcProviderSchema.optional(), saml: samlProviderSchema.optional(), tags: z.record(z.string(), z.string()), syncToProviders: syncToProvidersSchema.optional(),
}).meta({ id: 'IdentityProvider' });
export type IdentityProviderView = z.infer<typeof identityProviderViewSchema>;
