import { create, name } from '../spec-support/appends';
import { nameRows, normaliseName } from './names';

it.each([['Ann', 'ANN'], ['\uFF21nn', 'ann'], ['A\u0308nn', '\u00C4nn'], ['\uFB01n', 'fin']])('%s and %s are one name', (a, b) => {
  expect(normaliseName(a)).toBe(normaliseName(b));
});

it('a name that is given up and taken by one append is kept', () => {
  const { reserved, released } = nameRows(create('usr_1', { reserve: [name('ANN'), name('ann')], release: [name('Ann'), name('bob')] }));
  expect(reserved).toHaveLength(1);
  expect(released).toHaveLength(1);
});
