import { comparePositions, decodePosition, encodePosition, laterPosition } from './position';

describe('positions', () => {
  it.each([['1.1', '1.2'], ['9.9', '10.1'], ['99.5', '100.1'], ['5.9', '5.10'], ['0.0', '1.1'], ['9007199254740993.1', '9007199254740994.1']])(
    '%s comes before %s, compared as numbers', (earlier, later) => {
      expect(comparePositions(earlier, later)).toBeLessThan(0);
      expect(comparePositions(later, earlier)).toBeGreaterThan(0);
      expect(comparePositions(later, later)).toBe(0);
      expect(laterPosition(earlier, later)).toBe(later);
    });

  it('leave a service as opaque text and come back', () => {
    const vector = { 'sync-aws': '12.3', identity: '9.1' };
    expect(decodePosition(encodePosition(vector))).toEqual(vector);
    expect(encodePosition(vector)).toBe(encodePosition({ identity: '9.1', 'sync-aws': '12.3' }));
  });

  it.each(['', 'nonsense', Buffer.from('{"a":1}').toString('base64url'), Buffer.from('[["a","1"]]').toString('base64url'), 'x'.repeat(5000)])(
    'are not read from %.20p', (text) => expect(decodePosition(text)).toBeUndefined());
});
