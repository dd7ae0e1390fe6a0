import { Secret } from '../config/secret';
import { hashApiKey, newApiKeySecret } from './api-key-secret';
import { apiKeyTokens, type KnownApiKey } from './api-key-tokens';

const pepper = new Secret('a-pepper-of-this-test');
const token = newApiKeySecret().reveal();

describe('the owner of an API key', () => {
  let clock = 1_000_000;
  let rows: Map<string, KnownApiKey>;
  let asked: string[];
  let used: string[];
  beforeEach(() => {
    rows = new Map([[hashApiKey(pepper, token), { id: 'key_1', tenant: 'acme', role: 'editor', until: clock + 10_000 }]]);
    asked = [];
    used = [];
  });
  const tokens = () => apiKeyTokens({
    pepper, now: () => clock,
    lookup: { find: (hash) => { asked.push(hash); return Promise.resolve(rows.get(hash)); }, used: (id) => void used.push(id) },
  });

  it('is the key, with its role and tenant, and that it was used is told', async () => {
    expect(await tokens().callerOf(token)).toEqual({ actor: 'api-key/key_1', role: 'editor', tenant: 'acme' });
    expect(used).toEqual(['key_1']);
  });

  it('is asked for by hash only, and not at all where the checksum is wrong', async () => {
    const { callerOf } = tokens();
    expect(await callerOf(newApiKeySecret().reveal())).toBeUndefined();
    for (const text of ['', 'wami_pat_', `${token}x`, token.slice(0, -1), token.replace('wami', 'WAMI')]) expect(await callerOf(text)).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toContain(token.slice(9, 20));
    expect(used).toEqual([]);
  });

  it('is believed for a second, so that a revocation is heard soon', async () => {
    const { callerOf } = tokens();
    await callerOf(token);
    rows.clear();
    clock += 999;
    expect(await callerOf(token)).toBeDefined();
    clock += 1;
    expect(await callerOf(token)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('is nobody from the moment on at which the secret expires, also while it is believed', async () => {
    rows = new Map([[hashApiKey(pepper, token), { id: 'key_1', tenant: 'acme', role: 'editor', until: clock + 500 }]]);
    const { callerOf } = tokens();
    expect(await callerOf(token)).toBeDefined();
    clock += 500;
    expect(await callerOf(token)).toBeUndefined();
  });
});
