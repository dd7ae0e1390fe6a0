import type { MfaDeviceEvent, MfaDeviceView } from '@wami/contracts';
import { mfaDeviceDecider, type MfaDevice, type NewMfaDevice } from '@wami/domain';
import { mfaDeviceAggregate } from '../aggregates/aggregates';
import type { ResourceType } from '../resources/resource-type';

/** Its name is unique among the devices of its owner. Nothing of it can be changed. */
const nameOf = ({ ownerId, deviceName }: Pick<NewMfaDevice, 'ownerId' | 'deviceName'>): string => `${ownerId}/${deviceName}`;

export const mfaDeviceType: ResourceType<MfaDevice, MfaDeviceEvent, NewMfaDevice, Readonly<Record<string, never>>, MfaDeviceView> = {
  kind: 'mfa-device',
  locationOf: ({ id, owner }) => `/v1/users/${owner}/mfa-devices/${id}`,
  aggregate: mfaDeviceAggregate,
  create: (state, ref, body) => mfaDeviceDecider.decide(state, { type: 'create', ref, body }),
  patch: () => [],
  remove: (state, ref) => mfaDeviceDecider.decide(state, { type: 'delete', ref }),
  nameOf: (device) => (device.status === 'active' ? nameOf(device.document) : undefined),
  nameIn: (body) => ('ownerId' in body ? nameOf(body as NewMfaDevice) : undefined),
  belongsTo: ({ ownerId }) => ownerId,
  syncToProvidersOf: (device) => (device.status === 'active' ? device.document.syncToProviders : undefined),
  view: ({ id, version, tenant, state }, arn) => {
    if (state.status !== 'active') throw new Error(`MFA device ${id} is not there`);
    const { ownerId, deviceName, sealTo, syncToProviders } = state.document;
    return { id, arn, version, tenant, owner: ownerId, deviceName, sealTo, ...(syncToProviders ? { syncToProviders: [...syncToProviders] } : {}) };
  },
};
