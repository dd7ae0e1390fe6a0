import { lastServed } from './pick';

describe('whose turn was the last', () => {
  it.each([
    ['of one round: the last of it', '', ['a', 'b', 'c'], 'c'],
    ['of a round that began in the middle: the last before the beginning', 'b', ['c', 'd', 'a', 'b'], 'b'],
    ['of a round and a part of the next: the last of that part', '', ['a', 'b', 'c', 'd', 'a', 'b'], 'b'],
    ['of such that began in the middle', 'c', ['d', 'a', 'b', 'c', 'd'], 'd'],
    ['where one alone had work left for more turns: that one', '', ['a', 'b', 'c', 'b', 'b'], 'b'],
    ['of nobody: as before', 'b', [], 'b'],
  ])('%s', (_, after, tenants, last) => {
    expect(lastServed(tenants, after)).toBe(last);
  });
});
