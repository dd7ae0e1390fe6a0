import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';

const { iam, account } = accountOfEachTest();

const URL = 'https://issuer.example/a';
const OIDC = 'arn:aws:iam::000000000001:oidc-provider/issuer.example/a';
const SAML = 'arn:aws:iam::000000000001:saml-provider/okta';
const METADATA = `<?xml version="1.0"?>\n<md:EntityDescriptor entityID="x">${'x'.repeat(1_000)}</md:EntityDescriptor>`;
const oidc = (verb: string, params: Readonly<Record<string, string>> = {}) => iam(verb, { OpenIDConnectProviderArn: OIDC, ...params });
const saml = (verb: string, params: Readonly<Record<string, string>> = {}) => iam(verb, { SAMLProviderArn: SAML, ...params });
const create = (params: Readonly<Record<string, string>> = {}) => iam('CreateOpenIDConnectProvider', { Url: URL, 'ClientIDList.member.1': 'a', ...params });
const createSaml = (params: Readonly<Record<string, string>> = {}) => iam('CreateSAMLProvider', { Name: 'okta', SAMLMetadataDocument: METADATA, ...params });

describe('an identity provider of OpenID Connect', () => {
  it('is made with its tags, read, listed by its ARN and changed; a client id that is there, or is not, is added and removed all the same', async () => {
    expect((await ok(create({ 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }))).texts('OpenIDConnectProviderArn')).toEqual([OIDC]);
    expect(await create()).toEqual(refused(409, 'EntityAlreadyExists'));
    for (const ClientID of ['b', 'b']) await ok(oidc('AddClientIDToOpenIDConnectProvider', { ClientID }));
    for (const ClientID of ['a', 'a']) await ok(oidc('RemoveClientIDFromOpenIDConnectProvider', { ClientID }));
    const found = await ok(oidc('GetOpenIDConnectProvider'));
    expect([found.texts('Url'), found.texts('Value'), found.xml]).toEqual([['issuer.example/a'], ['v'], expect.stringContaining('<ClientIDList><member>b</member></ClientIDList>')]);
    expect(found.xml).toMatch(/<ThumbprintList><member>[0-9a-f]{40}<\/member><\/ThumbprintList>/);
    await ok(oidc('UpdateOpenIDConnectProviderThumbprint', { 'ThumbprintList.member.1': 'a'.repeat(40) }));
    await ok(oidc('UntagOpenIDConnectProvider', { 'TagKeys.member.1': 'K' }));
    expect((await ok(iam('ListOpenIDConnectProviders', {}))).texts('Arn')).toEqual([OIDC]);
    expect(account().snapshot().identityProviders).toMatchObject([{ arn: OIDC, tags: {}, trusts: { clientIds: ['b'], thumbprints: ['a'.repeat(40)] } }]);
  });

  it('has up to 100 client ids: one more is refused until one goes', async () => {
    await ok(create(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`ClientIDList.member.${n + 1}`, `client-${n}`]))));
    expect(await oidc('AddClientIDToOpenIDConnectProvider', { ClientID: 'new' })).toEqual(refused(409, 'LimitExceeded'));
    await ok(oidc('RemoveClientIDFromOpenIDConnectProvider', { ClientID: 'client-0' }));
    await ok(oidc('AddClientIDToOpenIDConnectProvider', { ClientID: 'new' }));
  });

  it('is deleted as often as somebody likes, and then is not there', async () => {
    await ok(create());
    await ok(oidc('DeleteOpenIDConnectProvider'));
    await ok(oidc('DeleteOpenIDConnectProvider'));
    for (const verb of ['GetOpenIDConnectProvider', 'TagOpenIDConnectProvider']) expect(await oidc(verb, { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' })).toEqual(refused(404, 'NoSuchEntity'));
    expect(await iam('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: SAML })).toEqual(refused(400, 'InvalidInput'));
  });

  it.each([
    [{ Url: 'http://issuer.example' }, 400, 'InvalidInput'], [{ Url: 'https://issuer.example:8443' }, 400, 'InvalidInput'], [{ Url: 'https://issuer.example?x' }, 400, 'InvalidInput'], [{ Url: `https://${'x'.repeat(250)}` }, 400, 'ValidationError'],
    [{ 'ThumbprintList.member.1': 'short' }, 400, 'ValidationError'], [{ 'ClientIDList.member.1': 'x'.repeat(256) }, 400, 'ValidationError'],
    [Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`ThumbprintList.member.${n + 1}`, String(n).repeat(40)])), 400, 'InvalidInput'],
    [Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`ClientIDList.member.${n + 1}`, `client-${n}`])), 409, 'LimitExceeded'],
  ])('is refused with %j', async (params, status, code) => expect(await create(params as Readonly<Record<string, string>>)).toEqual(refused(status, code)));
});

describe('an identity provider of SAML', () => {
  it('is made, read, listed, given other metadata, and deleted once', async () => {
    await ok(createSaml({ 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }));
    expect(await createSaml()).toEqual(refused(409, 'EntityAlreadyExists'));
    const other = METADATA.replace('"x"', '"y"');
    await ok(saml('UpdateSAMLProvider', { SAMLMetadataDocument: other }));
    await ok(saml('UpdateSAMLProvider'));
    await ok(saml('UntagSAMLProvider', { 'TagKeys.member.1': 'k' }));
    const found = await ok(saml('GetSAMLProvider'));
    expect([found.xml.includes('entityID=&quot;y&quot;'), found.texts('Key')]).toEqual([true, []]);
    expect((await ok(iam('ListSAMLProviders', {}))).texts('Arn')).toEqual([SAML]);
    expect(account().snapshot().identityProviders).toMatchObject([{ arn: SAML, trusts: { metadata: other } }]);
    await ok(saml('DeleteSAMLProvider'));
    for (const verb of ['DeleteSAMLProvider', 'GetSAMLProvider', 'UpdateSAMLProvider']) expect(await saml(verb)).toEqual(refused(404, 'NoSuchEntity'));
  });

  it.each([
    [{ Name: 'with blank' }, 'ValidationError'], [{ SAMLMetadataDocument: '<EntityDescriptor/>' }, 'ValidationError'], [{ SAMLMetadataDocument: `<other>${'x'.repeat(1_000)}</other>` }, 'InvalidInput'],
  ])('is refused with %j', async (params, code) => expect(await createSaml(params as Readonly<Record<string, string>>)).toEqual(refused(400, code)));
});
