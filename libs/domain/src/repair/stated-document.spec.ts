import { differingFields, statedDocument } from './stated-document';

const data = {
  repair: 'rep_R', within: 'acme', dryRun: false, kind: 'user', version: 2, deleted: false, upTo: '7.1', groups: [], policies: [], document: { path: '/', tags: { team: 'core' } },
};

describe('a statement of a repair', () => {
  it('tells the whole document, both parts of it', () =>
    expect(statedDocument({ data, personal: { document: { userName: 'ann' } } })).toEqual({ path: '/', tags: { team: 'core' }, userName: 'ann' }));

  it.each([['somebody who was erased since', data, {}], ['what is deleted', { ...data, deleted: true }, { document: { userName: 'ann' } }]])(
    'tells nothing of %s', (_, said, personal) => expect(statedDocument({ data: said, personal })).toBeUndefined());

  it('is compared field by field and by meaning: the order of keys says nothing, what is left out does', () => {
    const known = { userName: 'ann', tags: { a: '1', b: '2' }, email: 'ann@example.com' };
    expect(differingFields(known, { email: 'ann@example.com', tags: { b: '2', a: '1' }, userName: 'ann' })).toEqual([]);
    expect(differingFields(known, { userName: 'anna', tags: { a: '1' }, path: '/' })).toEqual(['email', 'path', 'tags', 'userName']);
  });
});
