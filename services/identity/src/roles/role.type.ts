import type { CreateRole, PatchRole, RoleEvent, RoleView } from '@wami/contracts';
import { roleDecider, type Role } from '@wami/domain';
import { roleAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const roleType: ResourceType<Role, RoleEvent, CreateRole, PatchRole, RoleView> = {
  kind: 'role',
  locationOf: ({ id }) => `/v1/roles/${id}`,
  aggregate: roleAggregate,
  create: (state, ref, body) => roleDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => roleDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => roleDecider.decide(state, { type: 'delete', ref }),
  nameOf: (role) => (role.status === 'active' ? role.document.roleName : undefined),
  nameIn: ({ roleName }) => roleName,
  boundaryIn: ({ permissionsBoundary }) => permissionsBoundary,
  syncToProvidersOf: (role) => (role.status === 'active' ? role.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`role ${id} is not there`);
    const { syncToProviders, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
