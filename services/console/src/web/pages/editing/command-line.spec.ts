import { createLine, updateLine } from './command-line';

describe('the command that does the same', () => {
  it('says every field by its flag, in words that a shell takes as they are', () => {
    expect(createLine('user', 'acme/core', { userName: 'ann', displayName: "Ann O'Hara", tags: { team: 'core' }, syncToProviders: ['aws'] }, 'http://w'))
      .toBe(String.raw`npx wami -t acme/core user create ann --display-name 'Ann O'\''Hara' --tag team=core --sync-to aws`);
    expect(createLine('role', 'acme', { roleName: '', trustPolicy: {} }, 'http://w')).toBe('npx wami -t acme role create NAME --trust trust.json');
    expect(updateLine('role', 'rol_1', { roleName: 'b', tags: { a: null }, permissionsBoundary: null, inlinePolicies: { x: null, y: {} } }, 'http://w'))
      .toBe('npx wami role update rol_1 --name b --untag a --no-boundary --drop-inline-policy x --inline-policy y=y.json');
  });

  it('says of an identity provider whose tokens or assertions they are', () => {
    const oidc = { url: 'https://i.example', clientIds: ['a', 'b'] };
    expect(createLine('identity-provider', 'acme', { providerName: 'ci', oidc }, 'http://w')).toBe('npx wami -t acme identity-provider create ci --oidc-url https://i.example --client-id a --client-id b');
    expect(createLine('identity-provider', 'acme', { providerName: 'sso', saml: { metadata: '<x/>' } }, 'http://w')).toBe('npx wami -t acme identity-provider create sso --saml metadata.xml');
    expect(updateLine('identity-provider', 'idp_1', { oidc: { clientIds: ['c'], thumbprints: null } }, 'http://w')).toBe('npx wami identity-provider update idp_1 --client-id c --no-thumbprint');
    for (const changed of [{ url: 'https://other' }, { clientIds: null }, { more: 1 }]) expect(updateLine('identity-provider', 'idp_1', { oidc: changed }, 'http://w')).toContain('curl -X PATCH http://w/v1/identity-providers/idp_1');
  });

  it('is the call itself where there is no flag for it', () => {
    expect(updateLine('user', 'usr_1', { email: null }, 'http://w')).toBe(`curl -X PATCH http://w/v1/users/usr_1 -H "authorization: Bearer $WAMI_TOKEN" -H 'content-type: application/json' -d '{"email":null}'`);
    expect(updateLine('user', 'usr_1', { tags: { 'a=b': 'c' } }, 'http://w')).toContain(`-d '{"tags":{"a=b":"c"}}'`);
    expect(updateLine('group', 'grp_1', { tags: { a: null } }, 'http://w')).toContain('curl -X PATCH http://w/v1/groups/grp_1');
    expect(createLine('group', 'acme', { groupName: 'g', syncToProviders: ['aws'] }, 'http://w')).toContain(`-d '{"tenant":"acme","groupName":"g","syncToProviders":["aws"]}'`);
  });
});
