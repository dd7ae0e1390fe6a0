import { FAST_RETRIES, fastDelay, retryDelay } from './backoff';

const RETRY = { maxRetries: 10, baseDelayMs: 100, maxDelayMs: 5_000 };
const fixed = (value: number) => ({ next: () => value });

describe('the pause before a retry', () => {
  it('is exponential from the tenant’s base to the tenant’s most', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 50].map((retries) => retryDelay(RETRY, retries, fixed(1)));
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  it('has full jitter: anything from nothing to that', () => {
    expect([0, 0.25, 0.5, 1].map((drawn) => retryDelay(RETRY, 3, fixed(drawn)))).toEqual([0, 200, 400, 800]);
  });

  it("is never shorter than the server's Retry-After, and at most an hour", () => {
    expect(retryDelay(RETRY, 0, fixed(0), 7_000)).toBe(7_000);
    expect(retryDelay(RETRY, 6, fixed(1), 1_000)).toBe(5_000);
    expect(retryDelay(RETRY, 0, fixed(1), 86_400_000)).toBe(3_600_000);
  });
});

describe('the pause after our own create', () => {
  it('is short at first, and all of them together stay within two minutes', () => {
    expect(fastDelay(0, fixed(1))).toBe(150);
    expect(fastDelay(0, fixed(0))).toBe(75);
    const all = Array.from({ length: FAST_RETRIES }, (_, i) => fastDelay(i, fixed(1)));
    expect(Math.max(...all)).toBe(5_000);
    expect(all.reduce((sum, ms) => sum + ms)).toBeLessThan(120_000);
  });
});
