import type { CreateIdentityProvider, PatchIdentityProvider, IdentityProviderEvent, IdentityProviderView } from '@wami/contracts';
import { identityProviderDecider, type IdentityProvider } from '@wami/domain';
import { identityProviderAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const identityProviderType: ResourceType<IdentityProvider, IdentityProviderEvent, CreateIdentityProvider, PatchIdentityProvider, IdentityProviderView> = {
  kind: 'identity-provider',
  locationOf: ({ id }) => `/v1/identity-providers/${id}`,
  aggregate: identityProviderAggregate,
  create: (state, ref, body) => identityProviderDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => identityProviderDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => identityProviderDecider.decide(state, { type: 'delete', ref }),
  nameOf: (provider) => (provider.status === 'active' ? provider.document.providerName : undefined),
  nameIn: ({ providerName }) => providerName,
  syncToProvidersOf: (provider) => (provider.status === 'active' ? provider.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`identity provider ${id} is not there`);
    const { syncToProviders, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
