import { sidesOf } from './sides';

const ours = { name: 'ann', path: '/', tags: { team: 'core' } };

describe('both sides of a conflict', () => {
  it('stand beside each other, field by field and tag by tag', () => {
    expect(sidesOf({ ours, existing: { name: 'ann', nativeArn: 'arn:x', tags: { team: 'edge', cost: '1' }, groups: ['a'] } })).toEqual([
      ['name', 'ann', 'ann'], ['path', '/', undefined], ['tags.team', 'core', 'edge'], ['nativeArn', undefined, 'arn:x'], ['tags.cost', undefined, '1'], ['groups', undefined, '["a"]'],
    ]);
  });

  it('are ours alone where nobody may see what stands there', () => expect(sidesOf({ ours }).map(([, , theirs]) => theirs)).toEqual([undefined, undefined, undefined]));

  it('are just what both changed, where that is what it is about', () => {
    expect(sidesOf({ ours, conflicts: [{ at: 'tags/team', base: 'a', ours: 'b', theirs: 'c' }, { at: 'thing', ours: 'x' }] })).toEqual([['tags/team', 'b', 'c'], ['thing', 'x', undefined]]);
  });
});
