import type { CreateServiceAccount, PatchServiceAccount, ServiceAccountEvent, ServiceAccountView } from '@wami/contracts';
import { serviceAccountDecider, type ServiceAccount } from '@wami/domain';
import { serviceAccountAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const serviceAccountType: ResourceType<ServiceAccount, ServiceAccountEvent, CreateServiceAccount, PatchServiceAccount, ServiceAccountView> = {
  kind: 'service-account',
  locationOf: ({ id }) => `/v1/service-accounts/${id}`,
  aggregate: serviceAccountAggregate,
  create: (state, ref, body) => serviceAccountDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => serviceAccountDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => serviceAccountDecider.decide(state, { type: 'delete', ref }),
  nameOf: (account) => (account.status === 'active' ? account.document.accountName : undefined),
  nameIn: ({ accountName }) => accountName,
  syncToProvidersOf: (account) => (account.status === 'active' ? account.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`service account ${id} is not there`);
    const { syncToProviders, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
