import { worldForAll } from '@wami/testing';
import { IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const OIDC = { url: 'https://issuer.example', clientIds: ['b', 'a'] };
const METADATA = '<EntityDescriptor entityID="https://idp.example"/>';
const PRINT = 'A'.repeat(40);

describe('identity providers', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
  });

  const post = (body: object) => world.call('POST', '/v1/identity-providers', { tenant: 'acme', ...body });

  it('are created, read, changed, renamed and deleted; nothing new is no event', async () => {
    const created = await post({ providerName: 'github', oidc: { ...OIDC, thumbprints: [PRINT] }, tags: { team: 'core' } });
    const id = String(created.body['id']);
    const path = `/v1/identity-providers/${id}`;
    const view = { id, arn: `arn:wami:iam:acme:wami:test:identity-provider/${id}`, version: 1, tenant: 'acme', providerName: 'github', oidc: { ...OIDC, thumbprints: [PRINT.toLowerCase()] }, tags: { team: 'core' } };
    expect([created.status, created.headers.get('location'), created.body]).toEqual([201, path, view]);
    expect((await world.call('PATCH', path, { oidc: { clientIds: ['a', 'b'] } })).body).toEqual(view);
    const patched = await world.call('PATCH', path, { providerName: 'actions', oidc: { clientIds: ['c'], thumbprints: null } });
    expect([patched.status, patched.body]).toEqual([200, { ...view, version: 3, providerName: 'actions', oidc: { url: OIDC.url, clientIds: ['c'] } }]);
    expect((await world.call('GET', path)).body).toEqual(patched.body);
    expect([(await world.call('DELETE', path)).status, (await world.call('GET', path)).status]).toEqual([204, 404]);
  });

  it('of SAML keep their metadata apart from what is not about people', async () => {
    const { body } = await post({ providerName: 'okta', saml: { metadata: METADATA } });
    expect(body).toMatchObject({ providerName: 'okta', saml: { metadata: METADATA } });
    const [event] = await world.store.readStream(String(body['id']));
    expect([event?.type, event?.data, event?.personal]).toEqual(['wami.identity-provider.created.v1', { tags: {} }, { providerName: 'okta', saml: { metadata: METADATA } }]);
  });

  it('have one name each, and either of the two protocols', async () => {
    await post({ providerName: 'one', oidc: OIDC });
    expect(await post({ providerName: 'ONE', saml: { metadata: METADATA } })).toMatchObject({ status: 409, body: { code: 'NameTaken', detail: expect.stringContaining('identity provider') as string } });
    for (const wrong of [{}, { oidc: OIDC, saml: { metadata: METADATA } }, { oidc: { ...OIDC, url: 'http://issuer.example' } }, { oidc: { ...OIDC, clientIds: ['a', 'a'] } }]) {
      expect(await post({ providerName: 'two', ...wrong })).toMatchObject({ status: 422, body: { code: 'ValidationFailed' } });
    }
  });
});
