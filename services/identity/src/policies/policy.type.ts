import type { CreatePolicy, PatchPolicy, PolicyEvent, PolicyView } from '@wami/contracts';
import { policyDecider, type PolicyState } from '@wami/domain';
import { policyAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const policyType: ResourceType<PolicyState, PolicyEvent, CreatePolicy, PatchPolicy, PolicyView> = {
  kind: 'policy',
  locationOf: ({ id }) => `/v1/policies/${id}`,
  aggregate: policyAggregate,
  create: (state, ref, body) => policyDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => policyDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => policyDecider.decide(state, { type: 'delete', ref }),
  nameOf: (policy) => (policy.status === 'active' ? policy.document.policyName : undefined),
  nameIn: ({ policyName }) => policyName,
  syncToProvidersOf: (policy) => (policy.status === 'active' ? policy.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`policy ${id} is not there`);
    const { syncToProviders, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
