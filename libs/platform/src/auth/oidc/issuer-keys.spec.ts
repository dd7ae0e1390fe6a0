import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { IssuerKeys } from './issuer-keys';

const ISSUER = 'https://issuer.test';
const jwk = async (kid: string): Promise<JWK> => ({ ...await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey), kid, alg: 'ES256' });

/** An issuer whose documents can be changed and taken away, and a clock. */
class Issuer {
  clock = 1_000_000_000_000;
  reads: string[] = [];
  away = false;
  discovery: object = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
  keys: readonly object[] = [];

  open(): IssuerKeys {
    return new IssuerKeys({
      issuer: ISSUER, now: () => this.clock,
      readJson: (address) => {
        this.reads.push(address);
        if (this.away) return Promise.reject(new Error('connect ECONNREFUSED'));
        return Promise.resolve(address.endsWith('/keys') ? { keys: this.keys } : this.discovery);
      },
    });
  }
}

const known = async (keys: IssuerKeys, kid?: string): Promise<boolean | string> => {
  try {
    return (await keys.keyFor({ alg: 'ES256', ...(kid === undefined ? {} : { kid }) })).type === 'public';
  } catch (error) {
    return (error as Error).constructor.name;
  }
};
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

describe("an issuer's keys", () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = new Issuer();
    issuer.keys = [await jwk('one')];
  });

  it('are read once and then known', async () => {
    const keys = issuer.open();
    expect([await known(keys, 'one'), await known(keys, 'one'), await known(keys)]).toEqual([true, true, true]);
    expect(issuer.reads).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`]);
  });

  it('that are new are found when a token names them, and the issuer is asked at most every ten seconds', async () => {
    const keys = issuer.open();
    await known(keys, 'one');
    issuer.keys = [...issuer.keys, await jwk('two')];
    expect(await known(keys, 'two')).toBe('JWKSNoMatchingKey');
    issuer.clock += 10_000;
    expect(await known(keys, 'two')).toBe(true);
    for (let i = 0; i < 50; i++) await known(keys, `invented-${i}`);
    expect(issuer.reads).toHaveLength(4);
  });

  it('that were withdrawn are refused after five minutes', async () => {
    const keys = issuer.open();
    await known(keys, 'one');
    issuer.keys = [await jwk('two')];
    issuer.clock += 5 * 60_000 + 1;
    await known(keys, 'one');
    await settled();
    expect([await known(keys, 'one'), await known(keys, 'two')]).toEqual(['JWKSNoMatchingKey', true]);
  });

  it('are believed for a day while the issuer is away, and it is asked again by and by', async () => {
    const keys = issuer.open();
    await known(keys, 'one');
    issuer.away = true;
    for (let hours = 1; hours < 24; hours++) {
      issuer.clock += 3_600_000;
      expect(await known(keys, 'one')).toBe(true);
      await settled();
    }
    expect(keys.problem).toContain('ECONNREFUSED');
    issuer.clock += 3_600_001;
    expect(await known(keys, 'one')).toBe('KeysUnknown');
    issuer.away = false;
    issuer.clock += 10_000;
    expect(await known(keys, 'one')).toBe(true);
    expect(keys.problem).toBeUndefined();
  });

  it('that were never read are unknown, which is something else than refused', async () => {
    issuer.away = true;
    expect(await known(issuer.open(), 'one')).toBe('KeysUnknown');
  });

  it.each<[string, (one: Issuer) => void]>([
    ['a discovery document of somebody else', (one) => { one.discovery = { issuer: 'https://evil.test', jwks_uri: `${ISSUER}/keys` }; }],
    ['keys at an address that is not https', (one) => { one.discovery = { issuer: ISSUER, jwks_uri: 'http://169.254.169.254/keys' }; }],
    ['keys in a file', (one) => { one.discovery = { issuer: ISSUER, jwks_uri: 'file:///etc/keys' }; }],
    ['no address', (one) => { one.discovery = { issuer: ISSUER, jwks_uri: 'nowhere' }; }],
    ['a shared secret for a key', (one) => { one.keys = [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one', alg: 'HS256' }]; }],
    ['a key for encryption', (one) => { one.keys = one.keys.map((key) => ({ ...key, use: 'enc' })); }],
    ['more keys than anybody has', (one) => { one.keys = Array.from({ length: 101 }, () => one.keys[0] ?? {}); }],
  ])('are not taken from %s', async (_name, change) => {
    change(issuer);
    const keys = issuer.open();
    expect(await known(keys, 'one')).toBe('KeysUnknown');
    expect(keys.problem).toBeTruthy();
  });
});
