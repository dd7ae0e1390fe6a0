import type { LoginProfileEvent, LoginProfileView } from '@wami/contracts';
import { loginProfileDecider, type LoginProfile, type NewLoginProfile } from '@wami/domain';
import { loginProfileAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

/** Its name is the id of whom it belongs to: so everybody has one at most. Nothing of it can be changed. */
export const loginProfileType: ResourceType<LoginProfile, LoginProfileEvent, NewLoginProfile, Readonly<Record<string, never>>, LoginProfileView> = {
  kind: 'login-profile',
  locationOf: ({ owner }) => `/v1/users/${owner}/login-profile`,
  aggregate: loginProfileAggregate,
  create: (state, ref, body) => loginProfileDecider.decide(state, { type: 'create', ref, body }),
  patch: () => [],
  remove: (state, ref) => loginProfileDecider.decide(state, { type: 'delete', ref }),
  nameOf: (profile) => (profile.status === 'active' ? profile.document.ownerId : undefined),
  nameIn: ({ ownerId }) => ownerId,
  belongsTo: ({ ownerId }) => ownerId,
  syncToProvidersOf: (profile) => (profile.status === 'active' ? profile.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`login profile ${id} is not there`);
    const { ownerId, sealTo, syncToProviders } = state.document;
    return { id, arn, version, tenant, owner: ownerId, sealTo, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
