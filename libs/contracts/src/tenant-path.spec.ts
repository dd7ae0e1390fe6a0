import { isWithinTenant, parentTenant, tenantLineage, tenantPathSchema } from './tenant-path';

describe('a tenant path', () => {
  it.each(['acme', 'a', 'acme/engineering', 'a1/b-2/c3', 'a/b/c/d/e/f/g/h'])('may be %s', (path) => expect(tenantPathSchema.safeParse(path).success).toBe(true));

  it.each(['', '/', 'acme/', '/acme', 'acme//x', 'Acme', 'a_b', '-a', 'a-', 'a/../b', 'a.b', 'a/b/c/d/e/f/g/h/i', 'x'.repeat(64)])(
    'may not be %p', (path) => expect(tenantPathSchema.safeParse(path).success).toBe(false));

  it('knows its parent and its line, top first', () => {
    expect(parentTenant('a')).toBeUndefined();
    expect(parentTenant('a/b/c')).toBe('a/b');
    expect(tenantLineage('a/b/c')).toEqual(['a', 'a/b', 'a/b/c']);
  });

  it('lies within itself and its ancestors, never within a sibling whose name begins alike', () => {
    expect(isWithinTenant('acme', 'acme')).toBe(true);
    expect(isWithinTenant('acme/eng', 'acme')).toBe(true);
    expect(isWithinTenant('acme', '')).toBe(true);
    expect(isWithinTenant('acme', 'acme/eng')).toBe(false);
    expect(isWithinTenant('acme-corp', 'acme')).toBe(false);
  });
});
