import { retryAfter } from './retry-after';

const NOW = Date.parse('Sun, 06 Nov 1994 08:49:30 GMT');
const asked = (said: string | undefined, date?: string): number | undefined => retryAfter((name) => (name === 'date' ? date : said), NOW).retryAfterMs;

describe('assurance test 16: Retry-After in all its forms', () => {
  it('seconds, also none and a fraction', () => {
    expect(['0', '7', '120', ' 7 ', '1.5'].map((said) => asked(said))).toEqual([0, 7_000, 120_000, 7_000, 1_500]);
  });

  it('a date in each of the three forms of HTTP, whatever the time zone of this machine', () => {
    expect(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'].map((said) => asked(said))).toEqual([7_000, 7_000, 7_000]);
  });

  it('a date that is over asks for nothing', () => {
    expect(asked('Sun, 06 Nov 1994 08:49:00 GMT')).toBe(0);
  });

  it('a date is held against the time that the server says it is', () => {
    expect(asked('Sun, 06 Nov 1994 09:49:37 GMT', 'Sun, 06 Nov 1994 09:49:30 GMT')).toBe(7_000);
  });

  it('however absurdly long, it is a time: what it is cut to is for the engine to say', () => {
    expect(asked('9'.repeat(400))).toBe(Number.MAX_SAFE_INTEGER);
    expect(asked('99999999999')).toBe(99_999_999_999_000);
    expect(asked('Fri, 31 Dec 9999 23:59:59 GMT')).toBeGreaterThan(8_000 * 365 * 86_400_000);
  });

  it('what is neither says nothing', () => {
    expect([undefined, '', 'soon', '-5', '1e3', '0x10', '7, 7', '1994-11-06', 'Sun, 99 Foo 1994 08:49:37 GMT'].map((said) => asked(said))).toEqual(Array.from({ length: 9 }, () => undefined));
  });
});
