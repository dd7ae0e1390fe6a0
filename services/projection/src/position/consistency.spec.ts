import { encodePosition } from '@wami/contracts';
import { covers } from './applied';
import { parseConsistency } from './consistency';

const sources = ['identity', 'sync-aws'];

describe('what a reader asks of the read models', () => {
  it('is nothing by default', () => expect(parseConsistency(undefined, undefined, sources)).toEqual({ strong: false }));

  it('may be a position, all that is committed, or an age', () => {
    const after = encodePosition({ identity: '7.3' });
    expect(parseConsistency(after, 'strong', sources)).toEqual({ after: { identity: '7.3' }, strong: true });
    expect(parseConsistency(undefined, 'max-lag=2.5', sources)).toEqual({ strong: false, maxLag: 2.5 });
  });

  it.each([
    ['nonsense', undefined], ['', undefined], [encodePosition({ 'sync-other': '1.1' }), undefined], [undefined, 'eventual'], [undefined, 'max-lag=-1'],
    [undefined, 'max-lag='], [undefined, 'STRONG'], [['a', 'b'], undefined],
  ])('is refused as %p, %p', (after, level) => expect(() => parseConsistency(after, level, sources)).toThrow(expect.objectContaining({ code: 'MalformedRequest' })));

  it('is met when every source got there, compared as numbers', () => {
    expect(covers({ identity: '10.2' }, { identity: '9.30' })).toBe(true);
    expect(covers({ identity: '9.30' }, { identity: '10.2' })).toBe(false);
    expect(covers({ identity: '9.30' }, { 'sync-aws': '1.1' })).toBe(false);
    expect(covers({}, {})).toBe(true);
  });
});
