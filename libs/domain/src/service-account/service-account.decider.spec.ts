import { given } from '@wami/testing';
import type { PatchServiceAccount, ServiceAccountEvent } from '@wami/contracts';
import { serviceAccountDecider, type ServiceAccountCommand } from './service-account.decider';

const ref = { id: 'sva_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'sva_1', key: 'sva_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:service-account/sva_1' };
const create: ServiceAccountCommand = { type: 'create', ref, body: { tenant: 'acme', accountName: 'deployer', description: 'Deploys' } };
const patch = (body: PatchServiceAccount): ServiceAccountCommand => ({ type: 'patch', ref, body });
const remove: ServiceAccountCommand = { type: 'delete', ref };

const created: ServiceAccountEvent = {
  ...envelope, type: 'wami.service-account.created.v1', data: { path: '/', tags: {} }, personal: { accountName: 'deployer', displayName: undefined, description: 'Deploys' },
};
const updated = (data: object, personal: object): ServiceAccountEvent => ({ ...envelope, type: 'wami.service-account.updated.v1', data, personal });
const deleted: ServiceAccountEvent = { ...envelope, type: 'wami.service-account.deleted.v1', data: {}, personal: {} };

describe('a service account', () => {
  it('is created', () => given(serviceAccountDecider, []).when(create).then([created]));
  it('cannot be created twice', () => given(serviceAccountDecider, [created]).when(create).thenThrows('ValidationFailed'));
  it('that is not there cannot be changed or deleted', () => {
    for (const past of [[], [created, deleted]]) {
      given(serviceAccountDecider, past).when(patch({ path: '/x/' })).thenThrows('NotFound');
      given(serviceAccountDecider, past).when(remove).thenThrows('NotFound');
    }
  });
  it('is renamed, and told only what changes', () =>
    given(serviceAccountDecider, [created]).when(patch({ accountName: 'releaser', description: null, displayName: 'R', path: '/', tags: { a: '1' } })).then([
      { ...envelope, type: 'wami.service-account.renamed.v1', data: {}, personal: { accountName: 'releaser', previousAccountName: 'deployer' } },
      updated({ tags: { a: '1' } }, { displayName: 'R', description: null }),
    ]));
  it('is left as it is by a patch of nothing new', () =>
    given(serviceAccountDecider, [created]).when(patch({ accountName: 'deployer', description: 'Deploys', displayName: null, tags: null, syncToProviders: null })).thenNothing());
  it('can be deleted', () => given(serviceAccountDecider, [created]).when(remove).then([deleted]));
});
