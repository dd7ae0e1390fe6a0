import { MOST_VIEWS, onPage, readViews, renamedView, withoutView, withView, type View } from './views';

const failed: View = { name: 'failed', to: '/r?state=Failed' };
const synced: View = { name: 'synced', to: '/r?state=Synced' };
const sameName: View = { name: 'failed', to: '/events?type=wami.sync.failed.v1' };

describe('saved views', () => {
  it('have one of each name on a page, in the order of their names', () => {
    expect(withView([synced], failed)).toEqual({ views: [failed, synced] });
    expect(withView([failed, synced], { ...failed, to: '/r?kind=user' })).toEqual({ views: [{ ...failed, to: '/r?kind=user' }, synced] });
    expect(withView([failed], sameName)).toEqual({ views: [failed, sameName] });
    expect(onPage([failed, sameName], '/events')).toEqual([sameName]);
  });

  it('are no more than so many, but one that is there may always be another', () => {
    const many = Array.from({ length: MOST_VIEWS }, (_, i): View => ({ name: `v${i}`, to: '/r' }));
    expect(withView(many, failed)).toEqual({ refused: 'There are 50 already: delete one first.' });
    expect(withView(many, { name: 'v0', to: '/r?q=x' })).toMatchObject({ views: expect.arrayContaining([{ name: 'v0', to: '/r?q=x' }]) as unknown });
  });

  it('are renamed to what no other is called, and deleted', () => {
    expect(renamedView([failed, synced], failed, 'synced')).toEqual({ refused: 'There is another one called synced.' });
    expect(renamedView([failed, synced], failed, 'z')).toEqual({ views: [synced, { ...failed, name: 'z' }] });
    expect(renamedView([failed], failed, 'failed')).toEqual({ views: [failed] });
    expect(withoutView([failed, sameName], failed)).toEqual({ views: [sameName] });
  });

  it('are none where something else stands in their place', () => {
    expect([readViews(null), readViews('{'), readViews('[{"name":"x","to":"javascript:alert(1)"}]'), readViews(JSON.stringify([failed]))]).toEqual([[], [], [], [failed]]);
  });
});
