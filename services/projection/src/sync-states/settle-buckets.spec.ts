import { bucketOf, quantile, secondsOf } from './settle-buckets';

describe('the buckets of settle times', () => {
  it.each([0.0004, 0.001, 0.02, 0.75, 1, 12, 3600, 86_400])('hold %p s with an end at most a tenth above', (seconds) => {
    const end = secondsOf(bucketOf(seconds));
    expect(end).toBeGreaterThanOrEqual(seconds * 0.995);
    expect(end).toBeLessThanOrEqual(Math.max(0.001, seconds * 1.11));
  });

  it('take what makes no sense into the first, and what takes for ever into the last', () => {
    expect([bucketOf(-5), bucketOf(Number.NaN), bucketOf(1e12)]).toEqual([0, 0, 228]);
  });

  it('give quantiles, 0 where nothing was counted', () => {
    const counts = [{ bucket: 10, count: 98 }, { bucket: 50, count: 2 }];
    expect([quantile(counts, 0.5), quantile(counts, 0.95), quantile(counts, 0.99)]).toEqual([secondsOf(10), secondsOf(10), secondsOf(50)]);
    expect(quantile([], 0.5)).toBe(0);
  });
});
