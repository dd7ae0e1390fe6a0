import type { AccessKeyEvent, AccessKeyView, PatchAccessKey } from '@wami/contracts';
import { accessKeyDecider, type AccessKey, type NewAccessKey } from '@wami/domain';
import { accessKeyAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

/** It has no name of its own: it is known by its id, and goes with whom it belongs to. */
export const accessKeyType: ResourceType<AccessKey, AccessKeyEvent, NewAccessKey, PatchAccessKey, AccessKeyView> = {
  kind: 'access-key',
  locationOf: ({ id, owner, ownerKind }) => `/v1/${ownerKind}s/${owner}/access-keys/${id}`,
  aggregate: accessKeyAggregate,
  create: (state, ref, body) => accessKeyDecider.decide(state, { type: 'create', ref, body }),
  patch: (state, ref, body) => accessKeyDecider.decide(state, { type: 'patch', ref, body }),
  remove: (state, ref) => accessKeyDecider.decide(state, { type: 'delete', ref }),
  nameOf: () => undefined,
  nameIn: () => undefined,
  belongsTo: ({ ownerId }) => ownerId,
  syncToProvidersOf: (key) => (key.status === 'active' ? key.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`access key ${id} is not there`);
    const { ownerId, ownerKind, status, sealTo, syncToProviders } = state.document;
    return { id, arn, version, tenant, owner: ownerId, ownerKind, status, sealTo, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
