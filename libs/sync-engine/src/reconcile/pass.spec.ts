import { calledAt } from './pass';

const called = (kind: string, document: Readonly<Record<string, unknown>>): string => calledAt({ id: 'x_1', kind, document }, 'acme/eng', '{tenant}.{name}');

describe('at a target', () => {
  it.each([
    ['a user', 'user', { userName: 'ann' }, 'acme.eng.ann'],
    ['an access key, which belongs to somebody,', 'access-key', { ownerId: 'usr_1', ownerKind: 'user' }, 'x_1'],
    ['an identity provider of SAML', 'identity-provider', { providerName: 'okta', saml: { metadata: '<x/>' } }, 'acme.eng.okta'],
    ['one of OpenID Connect, which is known by its address,', 'identity-provider', { providerName: 'github', oidc: { url: 'https://issuer.example', clientIds: [] } }, 'https://issuer.example'],
  ])('%s is called as it should be, whatever the template of names', (_what, kind, document, name) => expect(called(kind, document)).toBe(name));
});
