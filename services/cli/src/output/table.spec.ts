import { table } from './table';

const HEAD = ['NAME', 'WHY'];
const LONG = ['ann', 'InvalidRequest: AWS allows letters without accents and digits'];

describe('a table', () => {
  it('has no lines and no blanks at the end', () => {
    expect(table(HEAD, [['ann', 'x'], ['a longer name', '']])).toBe('NAME           WHY\nann            x\na longer name');
  });

  it('cuts nothing and wraps nothing where the output is piped', () => {
    expect(table(HEAD, [LONG])).toBe(`NAME  WHY\nann   ${LONG[1]}`);
  });

  it('wraps the last column at blanks to fit a terminal, and breaks a word that is longer than the line', () => {
    expect(table(HEAD, [LONG], 40).split('\n')).toEqual(['NAME  WHY', 'ann   InvalidRequest: AWS allows letters', '      without accents and digits']);
    expect(table(HEAD, [['ann', 'x'.repeat(50)]], 31).split('\n').slice(1)).toEqual([`ann   ${'x'.repeat(25)}`, `      ${'x'.repeat(25)}`]);
  });

  it('counts colours as no width', () => {
    expect(table(HEAD, [['\u001b[31mred\u001b[39m', 'y'.repeat(30)]], 36).split('\n')).toHaveLength(2);
  });
});
