import { given } from '@wami/testing';
import type { PatchServiceAccount, ServiceAccountEvent } from '@wami/contracts';
import { serviceAccountDecider, type ServiceAccountCommand } from './service-account.decider';

type Changes = Extract<ServiceAccountEvent, { type: 'wami.service-account.federation-changed.v1' }>['personal']['federation'];

const ref = { id: 'sva_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'sva_1', key: 'sva_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:service-account/sva_1' };
const GITHUB = { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/shop:ref:refs/heads/main' };
const CLUSTER = { issuer: 'https://oidc.example/cluster/', subject: 'system:serviceaccount:shop:deployer' };

const create = (federation: Record<string, typeof GITHUB>): ServiceAccountCommand => ({ type: 'create', ref, body: { tenant: 'acme', accountName: 'deployer', federation } });
const patch = (federation: PatchServiceAccount['federation']): ServiceAccountCommand => ({ type: 'patch', ref, body: { federation } });
const created: ServiceAccountEvent = { ...envelope, type: 'wami.service-account.created.v1', data: { path: '/', tags: {} }, personal: { accountName: 'deployer', displayName: undefined, description: undefined } };
const changed = (federation: Changes): ServiceAccountEvent => ({ ...envelope, type: 'wami.service-account.federation-changed.v1', data: {}, personal: { federation } });
const having = [created, changed({ github: GITHUB, cluster: CLUSTER })];

describe('federated credentials of a service account', () => {
  it('are told beside its creation', () => given(serviceAccountDecider, []).when(create({ github: GITHUB })).then([created, changed({ github: GITHUB })]));
  it('are merged by name: only what changes is told', () =>
    given(serviceAccountDecider, having).when(patch({ github: { ...GITHUB, subject: 'repo:acme/shop:environment:live' }, cluster: null, more: CLUSTER, gone: null }))
      .then([changed({ github: { ...GITHUB, subject: 'repo:acme/shop:environment:live' }, cluster: null, more: CLUSTER })]));
  it('go altogether with null', () => given(serviceAccountDecider, having).when(patch(null)).then([changed({ github: null, cluster: null })]));
  it('that go leave no trace', () => given(serviceAccountDecider, [...having, changed({ github: null, cluster: null })]).when(patch(null)).thenNothing());
  it('that name the audience that is meant anyway are no change, another audience is one', () => {
    given(serviceAccountDecider, having).when(patch({ github: { ...GITHUB, audiences: ['api://AzureADTokenExchange'] } })).thenNothing();
    given(serviceAccountDecider, having).when(patch({ github: { ...GITHUB, audiences: ['api://other'] } })).then([changed({ github: { ...GITHUB, audiences: ['api://other'] } })]);
  });
  it('of which two trust the same, or differ only in case, or that are more than twenty, are refused', () => {
    given(serviceAccountDecider, having).when(patch({ again: GITHUB })).thenThrows('ValidationFailed');
    given(serviceAccountDecider, having).when(patch({ GitHub: { ...GITHUB, subject: 'x' } })).thenThrows('ValidationFailed');
    const many = (count: number): Record<string, typeof GITHUB> => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, { ...GITHUB, subject: `s${i}` }]));
    given(serviceAccountDecider, having).when(patch(many(18))).then([changed(many(18))]);
    given(serviceAccountDecider, having).when(patch(many(19))).thenThrows('ValidationFailed');
  });
  it('may swap names: what one said another says', () => given(serviceAccountDecider, having).when(patch({ github: CLUSTER, cluster: GITHUB })).then([changed({ github: CLUSTER, cluster: GITHUB })]));
});
