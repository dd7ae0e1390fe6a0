import type { Observed } from '@wami/provider-port';
import { changesOfUpdate, changesOfWhole, told } from './changes-told';
import { digest } from './fingerprint';

const there: Observed = {
  providerResourceId: 'A1', nativeArn: 'arn', name: 'ann', facetsRead: ['groups'],
  shape: { fields: { name: 'ann', path: '/' }, tags: { team: 'core', site: 'b' }, facets: { groups: ['staff'] } },
};

describe('changes, as a plan tells them', () => {
  it('say from what to what, and leave out what is not there', () => {
    const changes = { fields: { path: '/eng/' }, setTags: { team: 'infra', cost: '7' }, removeTags: ['site'], addTo: { groups: ['admins'] }, removeFrom: { groups: ['staff'] }, adopt: true };
    expect(changesOfUpdate(changes, there)).toEqual([
      { field: 'marks', to: 'wami' }, { field: 'path', from: '/', to: '/eng/' }, { field: 'tags.team', from: 'core', to: 'infra' }, { field: 'tags.cost', to: '7' },
      { field: 'tags.site', from: 'b' }, { field: 'groups', to: 'admins' }, { field: 'groups', from: 'staff' },
    ]);
  });

  it('of a whole thing are all of it', () =>
    expect(changesOfWhole(there.shape, 'from')).toEqual([
      { field: 'name', from: 'ann' }, { field: 'path', from: '/' }, { field: 'tags.team', from: 'core' }, { field: 'tags.site', from: 'b' }, { field: 'groups', from: 'staff' },
    ]));

  it('are as many as fit into an event, and the others are counted', () => {
    const many = Array.from({ length: 600 }, (_, i) => ({ field: 'groups', to: `g${i}` }));
    expect([told(many).changes.length, told(many).more]).toEqual([500, 100]);
    const long = [{ field: 'document', to: 'x'.repeat(50_000) }, { field: 'name', to: 'ann' }];
    expect(told(long)).toEqual({ changes: [{ field: 'name', to: 'ann' }], more: 1 });
  });
});

it('a fingerprint does not depend on the order of keys, but on every value', () => {
  expect(digest({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(digest({ b: { c: [1, 2] }, a: 1 }));
  expect(digest({ a: [1, 2] })).not.toBe(digest({ a: [2, 1] }));
  expect(digest(null)).not.toBe(digest({}));
});
