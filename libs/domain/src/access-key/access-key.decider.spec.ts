import type { AccessKeyEvent, KeyStatus } from '@wami/contracts';
import { given } from '@wami/testing';
import { accessKeyDecider, type AccessKeyCommand } from './access-key.decider';

const ref = { id: 'aky_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'aky_1', key: 'aky_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:access-key/aky_1', personal: {} };
const owner = { ownerId: 'usr_1', ownerKind: 'user' } as const;
const create: AccessKeyCommand = { type: 'create', ref, body: { tenant: 'acme', ...owner, sealTo: 'public' } };
const patch = (status?: KeyStatus): AccessKeyCommand => ({ type: 'patch', ref, body: status === undefined ? {} : { status } });
const remove: AccessKeyCommand = { type: 'delete', ref };
const created: AccessKeyEvent = { ...envelope, type: 'wami.access-key.created.v1', data: owner, personal: { sealTo: 'public' } };
const deactivated: AccessKeyEvent = { ...envelope, type: 'wami.access-key.deactivated.v1', data: {} };
const activated: AccessKeyEvent = { ...envelope, type: 'wami.access-key.activated.v1', data: {} };
const deleted: AccessKeyEvent = { ...envelope, type: 'wami.access-key.deleted.v1', data: {} };

describe('an access key', () => {
  it('is created, once', () => {
    given(accessKeyDecider, []).when(create).then([created]);
    given(accessKeyDecider, [created]).when(create).thenThrows('ValidationFailed');
  });
  it('is deactivated and activated; what is so already says nothing', () => {
    given(accessKeyDecider, [created]).when(patch('inactive')).then([deactivated]);
    given(accessKeyDecider, [created, deactivated]).when(patch('active')).then([activated]);
    given(accessKeyDecider, [created, deactivated]).when(patch('inactive')).then([]);
    for (const past of [[created], [created, deactivated, activated]]) given(accessKeyDecider, past).when(patch('active')).then([]);
    given(accessKeyDecider, [created]).when(patch()).then([]);
  });
  it('is deleted for good', () => {
    given(accessKeyDecider, [created]).when(remove).then([deleted]);
    for (const past of [[], [created, deleted]]) {
      given(accessKeyDecider, past).when(patch('inactive')).thenThrows('NotFound');
      given(accessKeyDecider, past).when(remove).thenThrows('NotFound');
    }
  });
});
