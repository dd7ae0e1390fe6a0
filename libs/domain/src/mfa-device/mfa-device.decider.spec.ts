import type { MfaDeviceEvent } from '@wami/contracts';
import { given } from '@wami/testing';
import { mfaDeviceDecider, type MfaDeviceCommand } from './mfa-device.decider';

const ref = { id: 'mfa_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'mfa_1', key: 'mfa_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:mfa-device/mfa_1', personal: {} };
const create: MfaDeviceCommand = { type: 'create', ref, body: { tenant: 'acme', ownerId: 'usr_1', deviceName: 'phone', sealTo: 'public', syncToProviders: ['aws'] } };
const remove: MfaDeviceCommand = { type: 'delete', ref };
const created: MfaDeviceEvent = { ...envelope, type: 'wami.mfa-device.created.v1', data: { ownerId: 'usr_1', ownerKind: 'user', deviceName: 'phone', syncToProviders: ['aws'] }, personal: { sealTo: 'public' } };
const deleted: MfaDeviceEvent = { ...envelope, type: 'wami.mfa-device.deleted.v1', data: {} };

describe('an MFA device', () => {
  it('is created, once', () => {
    given(mfaDeviceDecider, []).when(create).then([created]);
    for (const past of [[created], [created, deleted]]) given(mfaDeviceDecider, past).when(create).thenThrows('ValidationFailed');
  });
  it('is deleted for good', () => {
    given(mfaDeviceDecider, [created]).when(remove).then([deleted]);
    for (const past of [[], [created, deleted]]) given(mfaDeviceDecider, past).when(remove).thenThrows('NotFound');
  });
});
