import { csv } from './csv';

describe('CSV', () => {
  it('has a head of all fields, and nothing where a row has none', () => {
    expect(csv([{ a: 1, b: true }, { a: 2, c: 'x' }])).toBe('a,b,c\r\n1,true,\r\n2,,x');
  });

  it('quotes what would break a line or a cell, and joins lists', () => {
    expect(csv([{ a: 'say "no", or\nyes', path: ['user/ann', 'group/eng'], more: [{ x: 1 }] }])).toBe('a,path,more\r\n"say ""no"", or\nyes",user/ann > group/eng,"[{""x"":1}]"');
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx'])('has no spreadsheet run %j', (text) => {
    expect(csv([{ a: text }])).toBe(`a\r\n'${text}`);
  });

  it('leaves numbers below zero numbers', () => {
    expect(csv([{ a: -1.5 }])).toBe('a\r\n-1.5');
  });
});
