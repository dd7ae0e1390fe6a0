import { threeSides } from './three-sides';

describe('wanted, last synced and there now', () => {
  it('stand beside each other, also where only one of the two differences tells of a field', () => {
    const changes = [{ field: 'name', from: 'ann', to: 'anna' }, { field: 'tags.team', from: 'core', to: 'edge' }];
    expect(threeSides({ changes, syncedVersion: 1 }, [{ field: 'name', from: 'ann-by-hand', to: 'anna' }, { field: 'tags.by', from: 'hand' }])).toEqual([
      { field: 'name', synced: 'ann', now: 'ann-by-hand', wanted: 'anna' }, { field: 'tags.team', synced: 'core', now: 'edge', wanted: 'edge' },
      { field: 'tags.by', synced: undefined, now: 'hand', wanted: undefined },
    ]);
    expect(threeSides({ changes: [], syncedVersion: 1 }, [{ field: 'path', from: '/old/', to: '/' }])).toEqual([{ field: 'path', synced: '/', now: '/old/', wanted: '/' }]);
    expect(threeSides({ changes: [] }, [{ field: 'path', to: '/' }])).toEqual([{ field: 'path', synced: undefined, now: undefined, wanted: '/' }]);
  });
});
