import { z } from 'zod';
import { syncToProvidersSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

const tags = z.record(z.string(), z.string());
const oidc = z.strictObject({ url: z.string(), clientIds: z.array(z.string()), thumbprints: z.array(z.string()).optional() });
const saml = z.strictObject({ metadata: z.string() });

/** Either `oidc` or `saml`. A metadata document may name contact persons: it is personal. */
export const identityProviderCreated = defineEvent('wami.identity-provider.created.v1',
  z.strictObject({ oidc: oidc.optional(), tags, syncToProviders: syncToProvidersSchema.optional() }),
  z.strictObject({ providerName: z.string(), saml: saml.optional() }));

/** Only what changed stands in it, `oidc` and `saml` as a whole; null takes a value away. */
export const identityProviderUpdated = defineEvent('wami.identity-provider.updated.v1',
  z.strictObject({ oidc: oidc.optional(), tags: tags.optional(), syncToProviders: syncToProvidersSchema.nullable().optional() }),
  z.strictObject({ saml: saml.optional() }));

export const identityProviderRenamed = defineEvent('wami.identity-provider.renamed.v1', z.strictObject({}),
  z.strictObject({ providerName: z.string(), previousProviderName: z.string() }));

export const identityProviderDeleted = defineEvent('wami.identity-provider.deleted.v1', z.strictObject({}), noPersonal);

export const IDENTITY_PROVIDER_EVENTS = [identityProviderCreated, identityProviderUpdated, identityProviderRenamed, identityProviderDeleted] as const;
export type IdentityProviderEvent = NewEventOf<(typeof IDENTITY_PROVIDER_EVENTS)[number]>;
export type RecordedIdentityProviderEvent = RecordedEventOf<(typeof IDENTITY_PROVIDER_EVENTS)[number]>;
