import { KINDS } from './kinds';
import { bodyOf, errorTexts, keeping, patchOf, textsOf } from './texts';

const USER = KINDS.user.fields;
const ANN = { userName: 'ann', email: 'ann@acme.test', path: '/', tags: { team: 'core', floor: '2' }, inlinePolicies: { reads: { Version: '1' }, writes: { Version: '2' } }, syncToProviders: ['aws'] };
const before = textsOf(USER, ANN);
const changed = (texts: Record<string, string>): unknown => patchOf(USER, before, { ...before, ...texts });

describe('what is typed of a resource', () => {
  it('is what it has, and says nothing where nothing was changed', () => {
    expect(before).toMatchObject({ tags: 'team=core\nfloor=2', displayName: '', syncToProviders: 'aws' });
    expect(changed({})).toEqual({ body: {} });
    expect(bodyOf(USER, before)).toEqual({ body: ANN });
  });

  it('changes what was changed: emptied it is taken away, but a name is not', () => {
    expect(changed({ email: '', path: '/x/' })).toEqual({ body: { email: null, path: '/x/' } });
    expect(changed({ userName: ' ' })).toEqual({ body: { userName: '' } });
    expect(changed({ syncToProviders: 'none' })).toEqual({ body: { syncToProviders: [] } });
    expect(textsOf(USER, { syncToProviders: [] })).toMatchObject({ syncToProviders: 'none' });
  });

  it('is merged by key where the API does so', () => {
    expect(changed({ tags: 'team=edge\nnew' })).toEqual({ body: { tags: { floor: null, team: 'edge', new: '' } } });
    expect(changed({ inlinePolicies: '{"reads": {"Version": "1"}, "more": {}}' })).toEqual({ body: { inlinePolicies: { writes: null, more: {} } } });
    expect(changed({ inlinePolicies: '' })).toEqual({ body: { inlinePolicies: { reads: null, writes: null } } });
  });

  it('is the document of an identity provider as it is published', () => {
    const { fields } = KINDS['identity-provider'];
    const sso = { providerName: 'sso', saml: { metadata: '<EntityDescriptor>\n</EntityDescriptor>' } };
    const typed = textsOf(fields, sso);
    expect([typed['saml'], bodyOf(fields, typed)]).toEqual([sso.saml.metadata, { body: sso }]);
    expect(patchOf(fields, typed, { ...typed, saml: '<new/>' })).toEqual({ body: { saml: { metadata: '<new/>' } } });
    const oidc = textsOf(fields, { providerName: 'ci', oidc: { url: 'https://i.example', clientIds: ['a'], thumbprints: ['0'] } });
    expect(patchOf(fields, oidc, { ...oidc, oidc: '{"url": "https://i.example", "clientIds": ["b"]}' })).toEqual({ body: { oidc: { clientIds: ['b'], thumbprints: null } } });
  });

  it('is refused here only where it is no JSON object; what else makes no sense is for the API to refuse', () => {
    expect(changed({ inlinePolicies: '{"reads"' })).toEqual({ errors: { inlinePolicies: expect.stringContaining('This is no JSON object.') as unknown } });
    for (const text of ['5', 'true', '"x"', '[]', 'null']) {
      expect(changed({ inlinePolicies: text })).toEqual({ errors: { inlinePolicies: 'This is no JSON object. It must begin with { and end with }.' } });
    }
    expect(bodyOf(KINDS.role.fields, { roleName: '', maxSessionDuration: 'long' })).toEqual({ body: { roleName: '', maxSessionDuration: 'long' } });
  });

  it('is told what the API says of it, field by field, and of what it has no field for', () => {
    expect(errorTexts(USER, [
      { pointer: '/tags/a~1b', code: 'Invalid', detail: 'too long' }, { pointer: '/tags', code: 'TooLarge', detail: 'at most 50' }, { pointer: '/userName', code: 'Invalid', detail: 'no' },
      { pointer: '/other', code: 'UnknownField', detail: 'no such field' },
    ])).toEqual({ tags: 'a/b: too long; at most 50', userName: 'no', '': 'other: no such field' });
  });

  it('is kept over what somebody else made of it meanwhile, and nothing else is', () => {
    const typed = { ...before, email: 'mine' };
    expect(keeping(USER, typed, before, { ...before, email: 'theirs', path: '/theirs/' })).toEqual({ ...before, email: 'mine', path: '/theirs/' });
  });

  it('is kept key by key where it is merged by key: what somebody else added, changed or took away meanwhile stays so', () => {
    const now = textsOf(USER, { ...ANN, tags: { team: 'theirs', floor: '3', added: 'x' }, inlinePolicies: { writes: { Version: '3' }, added: {} } });
    const kept = keeping(USER, { ...before, tags: 'team=mine\nnew=1', inlinePolicies: '{"reads": {"Version": "1"}, "mine": {}}' }, before, now);
    expect(patchOf(USER, now, kept)).toEqual({ body: { tags: { team: 'mine', new: '1', floor: null }, inlinePolicies: { writes: null, mine: {} } } });
    expect(kept).toMatchObject({ tags: 'team=mine\nadded=x\nnew=1', inlinePolicies: JSON.stringify({ added: {}, mine: {} }, null, 2) });
    expect(keeping(USER, { ...before, tags: '' }, before, now)).toMatchObject({ tags: 'added=x' });
  });

  it('can be a tag whose key has an equals sign or a space at its end, in quotes', () => {
    const odd = textsOf(USER, { tags: { 'a=b': 'c=d', ' e': '', f: 'g=h' } });
    expect(odd).toMatchObject({ tags: '"a=b"=c=d\n" e"=\nf=g=h' });
    expect(patchOf(USER, odd, { ...odd, tags: '"a=b"=new\n" e" = 1\n"=x"\nf=g=h' })).toEqual({ body: { tags: { 'a=b': 'new', ' e': '1', '=x': '' } } });
    expect(patchOf(USER, odd, { ...odd, tags: 'f=g=h' })).toEqual({ body: { tags: { 'a=b': null, ' e': null } } });
  });
});
