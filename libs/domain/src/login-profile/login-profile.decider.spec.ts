import type { LoginProfileEvent } from '@wami/contracts';
import { given } from '@wami/testing';
import { loginProfileDecider, type LoginProfileCommand } from './login-profile.decider';

const ref = { id: 'lgp_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'lgp_1', key: 'lgp_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:login-profile/lgp_1', personal: {} };
const create: LoginProfileCommand = { type: 'create', ref, body: { tenant: 'acme', ownerId: 'usr_1', sealTo: 'public', syncToProviders: ['aws'] } };
const remove: LoginProfileCommand = { type: 'delete', ref };
const created: LoginProfileEvent = { ...envelope, type: 'wami.login-profile.created.v1', data: { ownerId: 'usr_1', ownerKind: 'user', syncToProviders: ['aws'] }, personal: { sealTo: 'public' } };
const deleted: LoginProfileEvent = { ...envelope, type: 'wami.login-profile.deleted.v1', data: {} };

describe('a login profile', () => {
  it('is created, once', () => {
    given(loginProfileDecider, []).when(create).then([created]);
    for (const past of [[created], [created, deleted]]) given(loginProfileDecider, past).when(create).thenThrows('ValidationFailed');
  });
  it('is deleted for good', () => {
    given(loginProfileDecider, [created]).when(remove).then([deleted]);
    for (const past of [[], [created, deleted]]) given(loginProfileDecider, past).when(remove).thenThrows('NotFound');
  });
});
