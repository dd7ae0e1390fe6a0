import { Secret } from '../config/secret';
import { API_KEY_PATTERN, hashApiKey, looksLikeApiKey, newApiKeySecret } from './api-key-secret';

describe('the secret of an API key', () => {
  it('has the form that scanners recognise, and its checksum', () => {
    for (let i = 0; i < 200; i++) {
      const secret = newApiKeySecret().reveal();
      expect(secret).toMatch(API_KEY_PATTERN);
      expect(looksLikeApiKey(secret)).toBe(true);
    }
    expect(looksLikeApiKey(`wami_pat_${'A'.repeat(40)}_0mipaC`)).toBe(true);
  });

  it('is told from a mistyped one in every place', () => {
    const secret = newApiKeySecret().reveal();
    for (let at = 9; at < secret.length; at++) {
      const other = secret[at] === 'x' ? 'y' : 'x';
      expect(looksLikeApiKey(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
    }
    for (const text of ['', secret.slice(1), ` ${secret}`, `${secret}\n`, `${secret}0`, secret.toUpperCase()]) expect(looksLikeApiKey(text)).toBe(false);
  });

  it('uses all 62 characters alike', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) for (const character of newApiKeySecret().reveal().slice(9, 49)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(62);
    // 645 expected of each, with a deviation of 25: eight of them either way.
    for (const count of counts.values()) expect(Math.abs(count - 645)).toBeLessThan(200);
  });

  it('is hashed under a pepper, and printed by nobody', () => {
    const [one, other] = [new Secret('pepper-one'), new Secret('pepper-two')];
    expect(hashApiKey(one, 's')).toBe(hashApiKey(one, 's'));
    expect(hashApiKey(one, 's')).not.toBe(hashApiKey(other, 's'));
    expect(hashApiKey(one, 's')).toMatch(/^[\w-]{43}$/);
    expect(String(newApiKeySecret())).toBe('***');
  });
});
