import { given } from '@wami/testing';
import { createIdentityProviderSchema, type CreateIdentityProvider, type IdentityProviderEvent, type PatchIdentityProvider } from '@wami/contracts';
import { identityProviderDecider, type IdentityProviderCommand } from './identity-provider.decider';

const ref = { id: 'idp_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'idp_1', key: 'idp_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:identity-provider/idp_1' };
const oidc = { url: 'https://issuer.example', clientIds: ['b', 'a'] };
const saml = { metadata: '<EntityDescriptor/>' };
const PRINT = 'a'.repeat(40);

const create = (body: Partial<CreateIdentityProvider>): IdentityProviderCommand => ({ type: 'create', ref, body: { tenant: 'acme', providerName: 'github', ...body } });
const patch = (body: PatchIdentityProvider): IdentityProviderCommand => ({ type: 'patch', ref, body });
const created: IdentityProviderEvent = { ...envelope, type: 'wami.identity-provider.created.v1', data: { oidc, tags: {} }, personal: { providerName: 'github' } };
const createdSaml: IdentityProviderEvent = { ...envelope, type: 'wami.identity-provider.created.v1', data: { tags: {} }, personal: { providerName: 'github', saml } };
const updated = (data: object, personal: object = {}): IdentityProviderEvent => ({ ...envelope, type: 'wami.identity-provider.updated.v1', data, personal });
const deleted: IdentityProviderEvent = { ...envelope, type: 'wami.identity-provider.deleted.v1', data: {}, personal: {} };

describe('an identity provider', () => {
  it('issues tokens of OpenID Connect', () => given(identityProviderDecider, []).when(create({ oidc })).then([created]));
  it('or signs assertions of SAML', () => given(identityProviderDecider, []).when(create({ saml })).then([createdSaml]));
  it('does one of both', () => {
    given(identityProviderDecider, []).when(create({})).thenThrows('ValidationFailed');
    given(identityProviderDecider, []).when(create({ oidc, saml })).thenThrows('ValidationFailed');
  });
  it('is renamed, and told only what changes', () =>
    given(identityProviderDecider, [created]).when(patch({ providerName: 'actions', oidc: { thumbprints: [PRINT] }, tags: { a: '1' } })).then([
      { ...envelope, type: 'wami.identity-provider.renamed.v1', data: {}, personal: { providerName: 'actions', previousProviderName: 'github' } },
      updated({ oidc: { ...oidc, thumbprints: [PRINT] }, tags: { a: '1' } }),
    ]));
  it('leaves its thumbprints to the cloud again', () =>
    given(identityProviderDecider, [created, updated({ oidc: { ...oidc, thumbprints: [PRINT] } })]).when(patch({ oidc: { thumbprints: null } })).then([updated({ oidc })]));
  it('has other metadata', () => given(identityProviderDecider, [createdSaml]).when(patch({ saml: { metadata: '<x/>' } })).then([updated({}, { saml: { metadata: '<x/>' } })]));
  it('is left as it is by a patch of nothing new, in whatever order', () => {
    given(identityProviderDecider, [created]).when(patch({ providerName: 'github', oidc: { url: oidc.url, clientIds: ['a', 'b'], thumbprints: null }, tags: null })).thenNothing();
    given(identityProviderDecider, [createdSaml]).when(patch({ saml })).thenNothing();
  });
  it('keeps its address and its protocol', () => {
    given(identityProviderDecider, [created]).when(patch({ oidc: { url: 'https://other.example' } })).thenThrows('ValidationFailed');
    given(identityProviderDecider, [created]).when(patch({ saml })).thenThrows('ValidationFailed');
    given(identityProviderDecider, [createdSaml]).when(patch({ oidc: { clientIds: ['a'] } })).thenThrows('ValidationFailed');
  });
  it('can be deleted once', () => {
    given(identityProviderDecider, [created]).when({ type: 'delete', ref }).then([deleted]);
    given(identityProviderDecider, [created, deleted]).when({ type: 'delete', ref }).thenThrows('NotFound');
  });
  it.each([
    ['http://issuer.example'], ['https://Issuer.example'], ['https://issuer.example:8443'], ['https://issuer.example?x=1'], ['https://issuer.example#x'], ['https://me@issuer.example'], [`https://${'x'.repeat(248)}`],
  ])('is not at %s', (url) => expect(createIdentityProviderSchema.safeParse({ tenant: 'acme', providerName: 'x', oidc: { ...oidc, url } }).success).toBe(false));
  it('tells no private key', () => {
    const body = (metadata: string) => createIdentityProviderSchema.safeParse({ tenant: 'acme', providerName: 'x', saml: { metadata } }).success;
    expect([body('<a>-----BEGIN PRIVATE KEY-----</a>'), body('no xml'), body('<a>public</a>')]).toEqual([false, false, true]);
  });
});
