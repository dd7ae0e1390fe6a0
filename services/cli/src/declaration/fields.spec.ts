import { changesOf, differing, patchOf, withoutDefaults } from './fields';
import type { ActualThing } from './model';

describe('fields of declared and actual things', () => {
  it('a change is shown where it is, and as a whole where lists differ in length', () => {
    expect(changesOf('a', { b: [{ c: 1 }], same: 1 }, { b: [{ c: 2 }], same: 1 })).toEqual([{ field: 'a.b[0].c', from: 1, to: 2 }]);
    expect(changesOf('a', [1], [1, 2])).toEqual([{ field: 'a', from: [1], to: [1, 2] }]);
    expect(changesOf('a', { x: 1 }, { y: 1 })).toEqual([{ field: 'a.x', from: 1 }, { field: 'a.y', to: 1 }]);
    expect(changesOf('a', { x: 1, y: 2 }, { y: 2, x: 1 })).toEqual([]);
  });

  it('an empty map is no map, but an empty list is a list: no target is not the same as any', () => {
    expect(differing({}, { tags: {}, providerDocuments: undefined })).toEqual([]);
    expect(differing({}, { syncToProviders: [] })).toEqual(['syncToProviders']);
    expect(differing({ displayName: 'Ann' }, { displayName: undefined })).toEqual(['displayName']);
  });

  it('a patch takes away with null, tags key by key, documents as a whole', () => {
    const actual = { displayName: 'Ann', tags: { a: '1', b: '2' }, document: { x: 1, y: 2 } };
    const wanted = { displayName: undefined, tags: { b: '3', c: '4' }, document: { x: 1 } };
    expect(patchOf('user', ['displayName', 'tags', 'document'], actual, wanted, undefined)).toEqual({ displayName: null, tags: { a: null, b: '3', c: '4' }, document: { x: 1 } });
    expect(patchOf('user', [], actual, wanted, 'acme')).toEqual({ tags: { 'declared-by': 'acme' } });
    expect(patchOf('tenant', ['metadata'], {}, { metadata: { k: 'v' } }, 'acme')).toEqual({ metadata: { k: 'v', 'declared-by': 'acme' } });
  });

  it('an export leaves out what would be so anyway, and keeps an empty list of targets', () => {
    const thing = { kind: 'user', tenant: 'acme', name: 'ann', id: 'usr_1', version: 1 } as const;
    const fields = (of: Partial<ActualThing>): object => withoutDefaults({ ...thing, fields: {}, ...of });
    expect(fields({ fields: { path: '/', tags: {}, syncToProviders: [], displayName: 'Ann' } })).toEqual({ syncToProviders: [], displayName: 'Ann' });
    expect(fields({ kind: 'tenant', name: 'acme', fields: { name: 'acme', providerAccounts: [], quotas: {}, metadata: {}, syncConfig: {} } })).toEqual({});
    expect(fields({ kind: 'tenant', name: 'acme', fields: { name: 'Acme', syncConfig: { providers: [] } } })).toEqual({ name: 'Acme', syncConfig: { providers: [] } });
  });
});
