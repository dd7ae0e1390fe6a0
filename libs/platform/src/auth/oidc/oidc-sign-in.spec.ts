import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { readConfig } from '../../config/read-config';
import { oidcConfigShape, oidcSettingsOf } from './oidc-config';
import { OidcSignIn, oidcSignInSettingsOf, oidcSignInShape, type OidcSignInSettings } from './oidc-sign-in';

const redeem = { code: 'c', verifier: 'v'.repeat(43), redirectUri: 'https://console.test/signed-in' };

describe('signing people in at an issuer', () => {
  let server: Server;
  let issuer: string;
  let discovery: Readonly<Record<string, string>>;
  const forms: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.method === 'GET') return void response.end(JSON.stringify(discovery));
      let form = '';
      request.on('data', (chunk) => (form += String(chunk)));
      request.on('end', () => {
        forms.push(form);
        response.writeHead(form.includes('code=c') ? 200 : 400).end(JSON.stringify(form.includes('code=c') ? { access_token: 'token', token_type: 'Bearer' } : { error: 'invalid_grant' }));
      });
    });
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((closed) => { server.close(closed); }));
  beforeEach(() => {
    forms.length = 0;
    discovery = { issuer, authorization_endpoint: 'https://issuer.test/authorize', token_endpoint: `${issuer}/token` };
  });
  const signIn = (more: Partial<OidcSignInSettings> = {}): OidcSignIn => new OidcSignIn({ issuer, privateNetwork: false, clientId: 'console', scope: 'openid api', ...more });
  const refusal = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => undefined, (error: { code: string; message: string }) => [error.code, error.message]);

  it('sends them there as a public client that uses PKCE, for the resource that was named', async () => {
    expect(await signIn().authorization()).toEqual({
      issuer, endpoint: 'https://issuer.test/authorize', parameters: { client_id: 'console', response_type: 'code', code_challenge_method: 'S256', scope: 'openid api' },
    });
    expect((await signIn({ resource: 'urn:wami' }).authorization()).parameters).toMatchObject({ resource: 'urn:wami' });
  });

  it('redeems a code with what it was asked for with, and tells apart an issuer that says no from one that is away', async () => {
    expect(await signIn().tokenFor(redeem)).toBe('token');
    expect(Object.fromEntries(new URLSearchParams(forms[0]))).toEqual({ grant_type: 'authorization_code', client_id: 'console', code: 'c', code_verifier: redeem.verifier, redirect_uri: redeem.redirectUri });
    expect(await refusal(signIn().tokenFor({ ...redeem, code: 'used' }))).toEqual(['Unauthenticated', expect.stringContaining('did not take the code')]);
    discovery = { ...discovery, token_endpoint: 'https://127.0.0.1:1/token' };
    expect(await refusal(signIn().tokenFor(redeem))).toEqual(['Unavailable', expect.any(String)]);
  });

  it('goes to nobody who is not the issuer, and to no address that is not https', async () => {
    discovery = { ...discovery, issuer: 'https://evil.test' };
    expect(await refusal(signIn().authorization())).toEqual(['Unavailable', expect.stringContaining('not its own')]);
    discovery = { ...discovery, issuer, token_endpoint: 'http://evil.test/token' };
    expect(await refusal(signIn().tokenFor(redeem))).toEqual(['Unavailable', expect.stringContaining('not https')]);
    expect(forms).toEqual([]);
  });
});

describe('its configuration', () => {
  const read = (env: Record<string, string>): unknown => {
    const config = readConfig(z.object({ ...oidcConfigShape, ...oidcSignInShape }), env);
    return oidcSignInSettingsOf(config, oidcSettingsOf(config));
  };
  const issuer = { WAMI_OIDC_ISSUER: 'https://issuer.test', WAMI_OIDC_AUDIENCE: 'wami' };

  it('is a client beside the issuer, or nothing', () => {
    expect(read(issuer)).toBeUndefined();
    expect(read({ ...issuer, WAMI_OIDC_CLIENT_ID: 'console' })).toEqual({ issuer: 'https://issuer.test', privateNetwork: false, clientId: 'console', scope: 'openid' });
    expect(() => read({ WAMI_OIDC_CLIENT_ID: 'console' })).toThrow('WAMI_OIDC_ISSUER: is required beside WAMI_OIDC_CLIENT_ID');
    expect(() => read({ ...issuer, WAMI_OIDC_CLIENT_ID: 'c', WAMI_OIDC_SCOPE: 'a  b' })).toThrow('WAMI_OIDC_SCOPE');
  });
});
