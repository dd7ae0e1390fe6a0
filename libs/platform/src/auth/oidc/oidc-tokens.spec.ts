import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload, type KeyLike } from 'jose';
import { Secret } from '../../config/secret';
import type { Caller } from '../caller';
import { IssuerKeys } from './issuer-keys';
import { oidcTokens } from './oidc-tokens';

const ISSUER = 'https://issuer.test';
const NOW = 1_800_000_000;
const pepper = new Secret('a-pepper-of-this-test');
const settings = { issuer: ISSUER, audience: 'wami', algorithms: ['RS256', 'ES256'], tenantClaim: 'wami_tenant', roleClaim: 'wami_role', privateNetwork: false };
const good: JWTPayload = { iss: ISSUER, aud: 'wami', sub: 'u-1', iat: NOW, exp: NOW + 300, wami_tenant: 'acme', wami_role: 'editor' };

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let rsa: Pair;
let ec: Pair;
let foreign: Pair;
let small: KeyLike;
let callerOf: (token: string) => Promise<Caller | undefined>;

beforeAll(async () => {
  [rsa, ec, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('ES256'), generateKeyPair('RS256')]);
  small = (await generateKeyPair('ES384')).privateKey;
  const [one, two] = await Promise.all([exportJWK(rsa.publicKey), exportJWK(ec.publicKey)]);
  const documents: Record<string, unknown> = {
    '/keys': { keys: [{ ...one, kid: 'rsa' }, { ...two, kid: 'ec', alg: 'ES256' }] },
    '/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` },
  };
  const keys = new IssuerKeys({ issuer: ISSUER, readJson: (address) => Promise.resolve(documents[new URL(address).pathname]) });
  ({ callerOf } = oidcTokens({ settings, keys, pepper, now: () => NOW * 1000 }));
});

const sign = (claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}, key: KeyLike = rsa.privateKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt', ...header }).sign(key);
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const without = (...names: string[]): JWTPayload => Object.fromEntries(Object.entries(good).filter(([name]) => !names.includes(name)));
const hmac = (header: object, secret: string): string => {
  const text = `${encoded(header)}.${encoded(good)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const taken: readonly [string, () => Promise<string>][] = [
  ['RS256, at+jwt', () => sign(good)],
  ['ES256', () => sign(good, { alg: 'ES256', kid: 'ec' }, ec.privateKey)],
  ['JWT', () => sign(good, { typ: 'JWT' })],
  ['application/at+jwt', () => sign(good, { typ: 'application/at+jwt' })],
  ['no kid, where one key fits', () => sign(good, { alg: 'ES256', kid: undefined as never }, ec.privateKey)],
  ['several audiences, ours among them', () => sign({ ...good, aud: ['other', 'wami'] })],
  ['expired for less than the clocks may differ', () => sign({ ...good, exp: NOW - 29 })],
  ['from less in the future than the clocks may differ', () => sign({ ...good, nbf: NOW + 29, iat: NOW + 29 })],
];

const refused: readonly [string, () => string | Promise<string>][] = [
  ['alg none', () => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(good)}.`],
  ['alg none with a signature', async () => `${encoded({ alg: 'none', typ: 'at+jwt', kid: 'rsa' })}.${encoded(good)}.${(await sign(good)).split('.')[2]}`],
  ['alg nOnE', () => `${encoded({ alg: 'nOnE', typ: 'at+jwt' })}.${encoded(good)}.AA`],
  ['HS256 under the public key', async () => hmac({ alg: 'HS256', typ: 'at+jwt', kid: 'rsa' }, await exportSPKI(rsa.publicKey))],
  ['HS256 under the modulus', async () => hmac({ alg: 'HS256', typ: 'at+jwt', kid: 'rsa' }, (await exportJWK(rsa.publicKey)).n ?? '')],
  ['HS256 under nothing', () => hmac({ alg: 'HS256', typ: 'at+jwt' }, '')],
  ['an algorithm that is not on the list', () => sign(good, { alg: 'PS256' })],
  ['ES256 said of an RSA key', () => sign(good, { alg: 'ES256', kid: 'rsa' }, ec.privateKey)],
  ['another curve', () => sign(good, { alg: 'ES384', kid: 'ec' }, small)],
  ["somebody else's key under our kid", () => sign(good, {}, foreign.privateKey)],
  ['an unknown kid', () => sign(good, { kid: 'unknown' })],
  ['a kid that is a path', () => sign(good, { kid: '../../../../dev/null' })],
  ['a kid that is a statement', () => sign(good, { kid: "' OR 1=1 --" })],
  ['a kid that is an address', () => sign(good, { kid: 'https://evil.test/keys' }, foreign.privateKey)],
  ['jku', () => sign(good, { jku: 'https://evil.test/keys' }, foreign.privateKey)],
  ['x5u', () => sign(good, { x5u: 'https://evil.test/cert' }, foreign.privateKey)],
  ['jwk', async () => sign(good, { jwk: await exportJWK(foreign.publicKey) }, foreign.privateKey)],
  ['x5c', () => sign(good, { x5c: ['MIIB'] }, foreign.privateKey)],
  ['a header that must be understood and is not', async () => { const [, body, signature] = (await sign(good)).split('.'); return `${encoded({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt', crit: ['exp2'], exp2: 1 })}.${body}.${signature}`; }],
  ['another issuer', () => sign({ ...good, iss: 'https://evil.test' })],
  ['the issuer with a slash more', () => sign({ ...good, iss: `${ISSUER}/` })],
  ['no issuer', () => sign(without('iss'))],
  ['another audience', () => sign({ ...good, aud: 'other' })],
  ['an audience that begins like ours', () => sign({ ...good, aud: 'wami2' })],
  ['no audience', () => sign(without('aud'))],
  ['expired', () => sign({ ...good, exp: NOW - 31 })],
  ['no expiry', () => sign(without('exp'))],
  ['an expiry that is no number', () => sign({ ...good, exp: '9999999999' as never })],
  ['not yet', () => sign({ ...good, nbf: NOW + 31 })],
  ['from the future', () => sign({ ...good, iat: NOW + 31 })],
  ['no subject', () => sign(without('sub'))],
  ['an ID token', () => sign({ ...good, nonce: 'n' }, { typ: 'JWT' })],
  ['an ID token of the code flow', () => sign({ ...good, at_hash: 'h' }, { typ: 'JWT' })],
  ['a logout token', () => sign(good, { typ: 'logout+jwt' })],
  ['no type', () => sign(good, { typ: undefined as never })],
  ['no tenant', () => sign(without('wami_tenant'))],
  ['every tenant', () => sign({ ...good, wami_tenant: '' })],
  ['no role', () => sign(without('wami_role'))],
  ['an unknown role', () => sign({ ...good, wami_role: 'root' })],
  ['a changed body', async () => { const [header, , signature] = (await sign(good)).split('.'); return `${header}.${encoded({ ...good, wami_tenant: 'other' })}.${signature}`; }],
  ['no signature', async () => `${(await sign(good)).split('.').slice(0, 2).join('.')}.`],
  ['four parts', async () => `${await sign(good)}.x`],
  ['a body that is no object', () => `${encoded({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt' })}.${encoded('text')}.AA`],
  ['no JSON', () => 'a.b.c'],
  ['a text', () => 'not-a-token'],
];

describe('assurance test 24: access tokens', () => {
  it.each(taken)('takes: %s', async (_name, token) => {
    expect(await callerOf(await token())).toEqual({ actor: 'oidc/u-1', tenant: 'acme', role: 'editor' });
  });

  it.each(refused)('refuses: %s', async (_name, token) => expect(await callerOf(await token())).toBeUndefined());

  afterAll(async () => {
    const accepted = await Promise.all(refused.map(async ([, token]) => callerOf(await token())));
    console.log(`token vectors: refused ${accepted.filter((caller) => caller === undefined).length}/${refused.length}; control: good ones taken ${taken.length}/${taken.length}`);
  });

  it('a tenant in a token is only ever the one that its issuer signed', async () => {
    expect(await callerOf(await sign({ ...good, wami_tenant: 'other', tenant: 'acme' }))).toMatchObject({ tenant: 'other' });
  });

  it.each([['a mail address', 'ann@acme.test'], ['a name', 'Ann Smith'], ['a long text', 'x'.repeat(129)], ['what looks like our own', '~abc']])('writes %s into events as a keyed hash', async (_name, sub) => {
    const caller = await callerOf(await sign({ ...good, sub }));
    expect(caller?.actor).toMatch(/^oidc\/~[\w-]{32}$/);
    expect(await callerOf(await sign({ ...good, sub }))).toEqual(caller);
  });

  it('says that it cannot tell where the keys were never read, instead of refusing', async () => {
    const keys = new IssuerKeys({ issuer: ISSUER, readJson: () => Promise.reject(new Error('away')) });
    const tokens = oidcTokens({ settings, keys, pepper, now: () => NOW * 1000 });
    await expect(tokens.callerOf(await sign(good))).rejects.toMatchObject({ code: 'Unavailable' });
    expect(await tokens.callerOf('not-a-token')).toBeUndefined();
  });
});
