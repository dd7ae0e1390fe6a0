import type { CreateMfaDevice, MfaDeviceEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { existing, requireNew, type ResourceState } from '../resource-state';

export interface MfaDeviceDocument {
  readonly ownerId: string;
  readonly ownerKind: 'user';
  readonly deviceName: string;
  readonly sealTo: string;
  readonly syncToProviders?: readonly string[];
}
export type MfaDevice = ResourceState<MfaDeviceDocument>;

/** Of a user, in the user's tenant. */
export type NewMfaDevice = CreateMfaDevice & { readonly tenant: string; readonly ownerId: string };

/** Nothing of it changes: for another seed it is deleted and created. */
export type MfaDeviceCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: NewMfaDevice }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const KIND = 'MFA device';
const about = (ref: ResourceRef, event: Pick<MfaDeviceEvent, 'type' | 'data' | 'personal'>): MfaDeviceEvent => eventAbout('mfa-device', ref, event);

function decide(device: MfaDevice, command: MfaDeviceCommand): MfaDeviceEvent[] {
  switch (command.type) {
    case 'create': return create(device, command.ref, command.body);
    case 'delete': existing(device, KIND); return [about(command.ref, { type: 'wami.mfa-device.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(device: MfaDevice, ref: ResourceRef, { tenant: _tenant, sealTo, ...data }: NewMfaDevice): MfaDeviceEvent[] {
  requireNew(device, KIND);
  return [about(ref, { type: 'wami.mfa-device.created.v1', data: { ...data, ownerKind: 'user' }, personal: { sealTo } })];
}

function evolve(_device: MfaDevice, event: MfaDeviceEvent): MfaDevice {
  switch (event.type) {
    case 'wami.mfa-device.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.mfa-device.deleted.v1': return { status: 'deleted' };
    default: return unreachable(event);
  }
}

export const mfaDeviceDecider = { initialState: { status: 'none' } as MfaDevice, decide, evolve } satisfies Decider<MfaDevice, MfaDeviceCommand, MfaDeviceEvent>;
