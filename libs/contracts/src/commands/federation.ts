import { z } from 'zod';

/** What Microsoft Entra ID is called in tokens of others where nothing else is said. */
export const DEFAULT_AUDIENCE = 'api://AzureADTokenExchange';
/** Most of one application (Microsoft Graph reference). */
export const MAX_FEDERATED = 20;

const LONGEST = 600;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Entra's own syntax: nobody else has federated credentials. One that looks like an id would be taken for an id there. */
export const federatedNameSchema = z.string().min(1).max(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._~-]*$/, 'the name of a federated credential has letters, digits and . _ ~ - and begins with a letter or digit')
  .refine((name) => !ID.test(name), 'the name of a federated credential must not look like an id');

/** Compared with the claims of a token to the letter, so nothing is trimmed and nothing that nobody sees may stand in it. */
const claim = z.string().min(1).max(LONGEST).regex(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, 'a claim has printable characters and no blank at its ends');

const issuer = z.string().max(LONGEST)
  .regex(/^https:\/\/[^\s/?#@][^\s?#@]*$/, 'an issuer is an address that begins with https://, without user, query and fragment')
  .refine((address) => URL.canParse(address), 'an issuer is an address that begins with https://, without user, query and fragment')
  .describe('Address of who issues the tokens: their claim `iss`, to the letter.');

export const federatedCredentialSchema = z.strictObject({
  issuer, subject: claim.describe('Whom they are issued to: their claim `sub`, to the letter.'),
  audiences: z.array(claim).length(1).optional().describe(`Whom they are meant for: their claim \`aud\`. \`${DEFAULT_AUDIENCE}\` where it is left out.`),
}).describe('Whoever has a token like this may sign in as it without a secret. One value: a patch replaces it as a whole.')
  .meta({ id: 'FederatedCredential', examples: [{ issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/shop:ref:refs/heads/main' }] });
export type FederatedCredential = z.infer<typeof federatedCredentialSchema>;

const WHAT = 'Who may sign in as it without a secret, by names. Only Microsoft Entra ID has them.';
export const federationSchema = z.record(federatedNameSchema, federatedCredentialSchema).describe(WHAT);
export const federationPatchSchema = z.record(federatedNameSchema, federatedCredentialSchema.nullable()).nullable().describe(`${WHAT} Merged name by name: null takes one away, or all of them.`);
export const federationViewSchema = z.record(z.string(), federatedCredentialSchema).describe(WHAT);
