import { handPace } from './hand-pace';

function passed(times: readonly number[]): number {
  let until = 0;
  return times.filter((at) => {
    const next = handPace(until, at);
    until = next ?? until;
    return next !== undefined;
  }).length;
}

const each = (ms: number, count: number): number[] => Array.from({ length: count }, (_, i) => 1_000_000 + i * ms);

describe('the pace of a hand', () => {
  it('is ten at once', () => expect(passed(each(0, 100))).toBe(10));
  it('is ten a minute for ever', () => expect(passed(each(6_000, 1_000))).toBe(1_000));
  it('lets a loop through no faster than one each six seconds after the first ten', () => expect(passed(each(100, 6_000))).toBeLessThanOrEqual(10 + 100));
  it('is whole again after a minute of rest', () => expect(passed([...each(0, 30), ...each(0, 30).map((at) => at + 60_000)])).toBe(20));
});
