import { RESOURCES, type ResourceRow } from '../resources/resources.table';
import { SYNC_STATES, type SyncStateRow } from '../sync-states/sync-states.table';
import { blankRow } from '../sync-states/binding-row';
import { differingRows } from './differing-rows';

const ANN: ResourceRow = {
  id: 'usr_A', arn: 'arn', kind: 'user', tenant: 'acme', name: 'ann', name_key: 'ann', path: '/', tags: { a: '1', b: '2' }, document: { userName: 'ann', tags: { a: '1', b: '2' } }, version: 2,
  created_at: 'then', updated_at: 'now', deleted: false, seq: 7,
};
const fields = (expected: readonly ResourceRow[], actual: readonly ResourceRow[]): readonly (readonly string[])[] => differingRows(RESOURCES, expected, actual).map((one) => one.fields);

describe('rows beside those that their events make', () => {
  it('agree whatever the order of keys in them, and where a number is a text', () =>
    expect(fields([ANN], [{ ...ANN, tags: { b: '2', a: '1' }, seq: '7' as unknown as number }])).toEqual([]));

  it.each<[string, Partial<ResourceRow>, readonly string[]]>([
    ['a name, and what follows from it', { name: 'bob', name_key: 'bob', document: { ...ANN.document, userName: 'bob' } }, ['name', 'userName']], ['a deletion', { deleted: true, document: null }, ['deleted', 'tags', 'userName']],
    ['what only follows from others', { updated_at: 'later' }, ['updated_at']],
  ])('differ in %s', (_, change, told) => expect(fields([ANN], [{ ...ANN, ...change }])).toEqual([told]));

  it('are missing, or there unasked', () => {
    expect(differingRows(RESOURCES, [ANN], [])).toEqual([{ row: ANN, fields: ['missing'] }]);
    expect(differingRows(RESOURCES, [], [ANN])).toEqual([{ row: ANN, fields: ['unknown'] }]);
  });

  it('that say no more than none would are as good as none', () => {
    const nothing: SyncStateRow = { ...blankRow({ resource: 'usr_A', provider: 'aws', account: '1', kind: 'user', tenant: 'acme' }), said: null };
    expect(differingRows(SYNC_STATES, [nothing], [])).toEqual([]);
  });
});
