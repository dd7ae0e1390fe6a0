import { RESOURCE_KINDS, type RecordedEvent } from '@wami/contracts';
import { isOtherEnd, kindNamed, kindOfEvent, relationChange } from './kinds';

const event = (type: string, data: object = {}, personal: object = {}): RecordedEvent => ({
  type, data, personal, id: 'evt_1', source: 'identity', version: 1, position: '1.1', time: '2026-01-01T00:00:00Z', stream: 'x', key: 'x', tenant: 'acme', subject: '',
  meta: { actor: 'admin', correlationId: 'c' },
});

describe('the kinds that the engine knows', () => {
  it.each(RESOURCE_KINDS)('include %s', (kind) => expect(kindOfEvent(event(`wami.${kind}.created.v1`))?.kind).toBe(kind));

  it('fold their own events: a role lives, is renamed, and after its deletion stays to be taken away', () => {
    const role = kindNamed('role');
    const created = event('wami.role.created.v1', { path: '/', tags: {}, maxSessionDuration: 3600 }, { roleName: 'writer', trustPolicy: {} });
    const renamed = event('wami.role.renamed.v1', {}, { roleName: 'author', previousRoleName: 'writer' });
    const alive = [created, renamed].reduce(role.evolve, { document: null, deleted: false });
    expect(role.nameOf(alive.document ?? {})).toBe('author');
    expect(role.evolve(alive, event('wami.role.deleted.v1'))).toEqual({ document: alive.document, deleted: true });
  });

  it.each([['added', true], ['removed', false]])('have their policies as a facet: an attachment that is %s', (verb, present) => {
    const data = { policyId: 'pol_P', ownerId: 'sva_S', ownerKind: 'service-account' };
    expect(relationChange(event(`wami.attachment.${verb}.v1`, data))).toEqual({ owner: 'sva_S', ownerKind: 'service-account', facet: 'policies', other: 'pol_P', present });
    expect(kindOfEvent(event(`wami.attachment.${verb}.v1`, data))).toBeUndefined();
  });

  it('are called by their address where they have one, else by their name', () => {
    const provider = kindNamed('identity-provider');
    const called = (document: object): unknown[] => [provider.nameOf(document as never), provider.addressOf?.(document as never)];
    expect([called({ providerName: 'github', oidc: { url: 'https://issuer.example' } }), called({ providerName: 'okta', saml: {} })]).toEqual([['github', 'https://issuer.example'], ['okta', undefined]]);
  });

  it('are the other end of a relation where they are groups or policies', () =>
    expect(RESOURCE_KINDS.filter(isOtherEnd)).toEqual(['group', 'policy']));
});
