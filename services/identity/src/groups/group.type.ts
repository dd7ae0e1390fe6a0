import type { CreateGroup, PatchGroup, GroupEvent, GroupView } from '@wami/contracts';
import { groupDecider, type Group } from '@wami/domain';
import { groupAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

export const groupType: ResourceType<Group, GroupEvent, CreateGroup, PatchGroup, GroupView> = {
  kind: 'group',
  locationOf: ({ id }) => `/v1/groups/${id}`,
  aggregate: groupAggregate,
  create: (state, ref, body) => groupDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => groupDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => groupDecider.decide(state, { type: 'delete', ref }),
  nameOf: (group) => (group.status === 'active' ? group.document.groupName : undefined),
  nameIn: ({ groupName }) => groupName,
  syncToProvidersOf: (group) => (group.status === 'active' ? group.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`group ${id} is not there`);
    const { syncToProviders, adopts: _adopts, ...document } = state.document;
    return { id, arn, version, tenant, ...document, tags: { ...document.tags }, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
