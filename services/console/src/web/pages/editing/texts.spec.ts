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

  it('is refused here only where it is no JSON; what else makes no sense is for the API to refuse', () => {
    expect(changed({ inlinePolicies: '{"reads"' })).toEqual({ errors: { inlinePolicies: expect.stringContaining('This is no JSON object.') as unknown } });
    expect(bodyOf(KINDS.role.fields, { roleName: '', maxSessionDuration: 'long' })).toEqual({ body: { roleName: '', maxSessionDuration: 'long' } });
  });

  it('is told what the API says of it, field by field, and of what it has no field for', () => {
    expect(errorTexts(USER, [
      { pointer: '/tags/a~1b', code: 'Invalid', detail: 'too long' }, { pointer: '/tags', code: 'TooLarge', detail: 'at most 50' }, { pointer: '/userName', code: 'Invalid', detail: 'no' },
      { pointer: '/other', code: 'UnknownField', detail: 'no such field' },
    ])).toEqual({ tags: 'a/b: too long; at most 50', userName: 'no', '': 'other: no such field' });
  });

  it('is kept over what somebody else made of it meanwhile, and nothing else is', () => {
    expect(keeping({ email: 'mine', path: '/' }, { email: '', path: '/' }, { email: 'theirs', path: '/theirs/' })).toEqual({ email: 'mine', path: '/theirs/' });
  });
});
