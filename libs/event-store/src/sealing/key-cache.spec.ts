import { KeyCache } from './key-cache';
import { KeysUnavailable, type SubjectKey } from './subject-keys';

/** A source that counts what it was asked for. */
function source(keys: Map<string, SubjectKey>) {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    find: (subjects: readonly string[]) => {
      asked.push(subjects);
      return Promise.resolve(new Map(subjects.flatMap((subject) => { const key = keys.get(subject); return key === undefined ? [] : [[subject, key] as const]; })));
    },
  };
}
const key = Buffer.alloc(32, 1);
const LIMITS = { ttlMs: 1000, noneMs: 100, keys: 3 };

describe('keys that are remembered', () => {
  it('are asked for once, and anew when their time is over', async () => {
    let now = 0;
    const from = source(new Map<string, SubjectKey>([['a', key], ['b', 'gone']]));
    const cache = new KeyCache(from, LIMITS, () => now);
    for (let i = 0; i < 3; i++) expect([...(await cache.find(['a', 'b'])).entries()]).toEqual([['a', key], ['b', 'gone']]);
    now = 1000;
    await cache.find(['a']);
    expect(from.asked).toEqual([['a', 'b'], ['a']]);
  });

  it('are no more than the limit, and subjects without a key are asked for each time', async () => {
    const from = source(new Map<string, SubjectKey>(['a', 'b', 'c', 'd'].map((subject) => [subject, key])));
    const cache = new KeyCache(from, LIMITS, () => 0);
    await cache.find(['a', 'b', 'c', 'd']);
    expect((await cache.find(['d', 'a', 'x'])).size).toBe(2);
    expect((await cache.find(['x'])).size).toBe(0);
    expect(from.asked).toEqual([['a', 'b', 'c', 'd'], ['a', 'x'], ['x']]);
  });

  it('that never were are asked for once in a while, where it is for sealing; the first one is known as soon as it is heard of', async () => {
    let now = 0;
    const keys = new Map<string, SubjectKey>();
    const from = source(keys);
    const cache = new KeyCache(from, LIMITS, () => now);
    for (let i = 0; i < 3; i++) expect((await cache.findStanding(['a', 'b'])).size).toBe(0);
    expect(from.asked).toEqual([['a', 'b']]);
    keys.set('a', key).set('b', key);
    now = 99;
    expect((await cache.find(['a'])).get('a')).toBe(key);
    expect([...(await cache.findStanding(['a', 'b'])).keys()]).toEqual(['a']);
    now = 100;
    expect([...(await cache.findStanding(['a', 'b'])).keys()]).toEqual(['a', 'b']);
    expect(from.asked).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  it('are asked for by the thousand', async () => {
    const from = source(new Map());
    await new KeyCache(from).find(Array.from({ length: 2500 }, (_, i) => `s${i}`));
    expect(from.asked.map(({ length }) => length)).toEqual([1000, 1000, 500]);
  });

  it('are forgotten at once, also by an answer that was on its way', async () => {
    const keys = new Map<string, SubjectKey>([['a', key]]);
    let answer: () => void = () => undefined;
    const cache = new KeyCache({
      find: () => new Promise((resolve) => { const now = new Map(keys); answer = () => resolve(now); }),
    }, LIMITS, () => 0);
    const asking = cache.find(['a']);
    keys.set('a', 'gone');
    cache.forget(['a']);
    answer();
    expect((await asking).get('a')).toBe(key);
    const again = cache.find(['a']);
    answer();
    expect((await again).get('a')).toBe('gone');
  });

  it('are never told in part: where the rest cannot be had nothing is said', async () => {
    const cache = new KeyCache({ find: () => Promise.reject(new KeysUnavailable('away')) }, LIMITS, () => 0);
    cache.keep('a', key);
    await expect(cache.find(['a', 'b'])).rejects.toThrow(KeysUnavailable);
    expect((await cache.find(['a'])).get('a')).toBe(key);
  });
});
