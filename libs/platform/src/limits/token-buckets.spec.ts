import { TokenBuckets } from './token-buckets';

describe('buckets of tokens', () => {
  let now = 0;
  const buckets = (most?: number): TokenBuckets => new TokenBuckets(2, 3, most, () => now);
  const taken = (from: TokenBuckets, key: string, times: number): boolean[] => Array.from({ length: times }, () => from.take(key).allowed);
  beforeEach(() => { now = 0; });

  it('give a burst, then as many as come in', () => {
    const some = buckets();
    expect(taken(some, 'ann', 5)).toEqual([true, true, true, false, false]);
    expect(some.take('ann')).toEqual({ allowed: false, remaining: 0, retryAfter: 1 });
    now += 1000;
    expect(taken(some, 'ann', 3)).toEqual([true, true, false]);
    now += 3_600_000;
    expect(taken(some, 'ann', 4)).toEqual([true, true, true, false]);
  });

  it('are one for each key', () => {
    const some = buckets();
    taken(some, 'ann', 4);
    expect(some.take('bob')).toEqual({ allowed: true, remaining: 2, retryAfter: 0 });
  });

  it('can be looked at without taking', () => {
    const some = buckets();
    taken(some, 'ann', 2);
    expect([some.look('ann'), some.look('ann'), some.look('bob').remaining]).toEqual([{ allowed: true, remaining: 1, retryAfter: 0 }, { allowed: true, remaining: 1, retryAfter: 0 }, 3]);
  });

  it('forget who was away longest where there are too many', () => {
    const some = buckets(2);
    taken(some, 'ann', 3);
    taken(some, 'bob', 3);
    some.take('ann');
    some.take('cid');
    expect(some.look('ann').allowed).toBe(false);
    expect(some.look('bob').remaining).toBe(3);
  });
});
