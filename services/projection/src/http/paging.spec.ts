import { pageOf, readCursor, writeCursor } from './paging';
import { scopedTo } from './scoped-to';
import { Where } from './where';

describe('a page', () => {
  const rows = [1, 2, 3];
  const item = (n: number): number => n;
  const place = (n: number): string[] => [String(n)];

  it('has a next one when a row more than asked for was found', () => {
    const { items, nextCursor } = pageOf(rows, { limit: 2 }, item, place);
    expect(items).toEqual([1, 2]);
    expect(readCursor({ limit: 9 }, nextCursor, 1)).toEqual(['2']);
    expect(pageOf(rows, { limit: 3 }, item, place)).toEqual({ items: rows });
    expect(pageOf([], { limit: 3 }, item, place)).toEqual({ items: [] });
  });

  it('is found again only with the same filters', () => {
    const cursor = writeCursor({ tenant: 'acme', q: undefined }, ['a', 'b']);
    expect(readCursor({ tenant: 'acme', limit: 5 }, cursor, 2)).toEqual(['a', 'b']);
    expect(readCursor({}, undefined, 2)).toBeUndefined();
    for (const [filters, parts] of [[{ tenant: 'other' }, 2], [{ tenant: 'acme', q: 'x' }, 2], [{ tenant: 'acme' }, 3]] as const) {
      expect(() => readCursor(filters, cursor, parts)).toThrow(expect.objectContaining({ code: 'ValidationFailed' }));
    }
    expect(() => readCursor({}, '{}', 1)).toThrow(expect.objectContaining({ code: 'ValidationFailed' }));
  });
});

describe('the scope of a query', () => {
  it('is one range of paths, so that acme-other is not below acme', () => {
    const where = scopedTo(new Where(), 'acme', 'r');
    expect(where.sql).toBe('(r.tenant_path >= $1 AND r.tenant_path < $2)');
    const [from = '', to = ''] = where.values as string[];
    const holds = (tenant: string): boolean => `${tenant}/` >= from && `${tenant}/` < to;
    expect(['acme', 'acme/core', 'acme/core/x'].every(holds)).toBe(true);
    expect(['acme-other', 'acm', 'acmeo', 'acme0', 'b', 'a'].some(holds)).toBe(false);
  });

  it('holds everything for the empty tenant', () => expect(scopedTo(new Where(), '', 'r').sql).toBe('true'));
});
