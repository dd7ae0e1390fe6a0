import { codeAt, codesInARow } from './totp';

/** "12345678901234567890" in base 32; the last six digits of the values of RFC 6238, appendix B. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code of a virtual device', () => {
  it.each([[59, '287082'], [1_111_111_109, '081804'], [1_111_111_111, '050471'], [1_234_567_890, '005924'], [2_000_000_000, '279037'], [20_000_000_000, '353130']])('is what RFC 6238 says, %d s', (seconds, code) => {
    expect(codeAt(SEED, seconds * 1000)).toBe(code);
  });
  it('is the same for the seed with padding and in small letters, and none for what is no seed', () => {
    expect(codeAt(`${SEED.toLowerCase()}====`, 59_000)).toBe('287082');
    for (const seed of ['', '====', 'GEZ0', 'GE Z']) expect(() => codeAt(seed, 59_000)).toThrow('no text in base 32');
  });
  it('in a row: the one before, then the one that is shown', () => {
    expect(codesInARow(SEED, 1_111_111_111_000)).toEqual(['081804', '050471']);
  });
});
