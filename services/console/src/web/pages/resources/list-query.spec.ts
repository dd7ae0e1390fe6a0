import { isFiltered, listQuery } from './list-query';

const of = (text: string): ReturnType<typeof listQuery> => listQuery(new URLSearchParams(text));

describe('the query of the list', () => {
  it('is what the address says, without what is empty', () => {
    expect(of('q=%20ann%20&kind=user&tenant=acme%2Fcore&tag=team%3Dcore&state=Failed&code=Conflict&cursor=abc')).toEqual({
      q: 'ann', kind: 'user', tenant: 'acme/core', tag: 'team=core', state: 'Failed', code: 'Conflict', cursor: 'abc',
    });
    expect(of('q=&kind=%20')).toEqual({});
  });

  it('leaves out states and codes that there are not, and what is no filter', () => expect(of('state=Broken&code=x&limit=100000&include=document')).toEqual({}));

  it('a page further on is no filter', () => {
    expect(isFiltered(new URLSearchParams('cursor=abc'))).toBe(false);
    expect(isFiltered(new URLSearchParams('cursor=abc&kind=user'))).toBe(true);
  });
});
