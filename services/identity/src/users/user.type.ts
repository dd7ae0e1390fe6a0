import type { CreateUser, PatchUser, UserView } from '@wami/contracts';
import { userDecider, type User, type UserStreamEvent } from '@wami/domain';
import { userAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const userType: ResourceType<User, UserStreamEvent, CreateUser, PatchUser, UserView> = {
  kind: 'user',
  locationOf: ({ id }) => `/v1/users/${id}`,
  aggregate: userAggregate,
  create: (state, ref, body) => userDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => userDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => userDecider.decide(state, { type: 'delete', ref }),
  erase: (state, ref) => userDecider.decide(state, { type: 'erase', ref }),
  nameOf: (user) => (user.status === 'active' ? user.document.userName : undefined),
  nameIn: ({ userName }) => userName,
  boundaryIn: ({ permissionsBoundary }) => permissionsBoundary,
  syncToProvidersOf: (user) => (user.status === 'active' ? user.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`user ${id} is not there`);
    const { syncToProviders, adopts: _adopts, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
