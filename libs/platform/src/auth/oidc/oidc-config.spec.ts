import { z } from 'zod';
import { readConfig } from '../../config/read-config';
import { oidcConfigShape, oidcSettingsOf } from './oidc-config';

const read = (env: Record<string, string>) => oidcSettingsOf(readConfig(z.object(oidcConfigShape), env));
const good = { WAMI_OIDC_ISSUER: 'https://login.acme.test/realms/a', WAMI_OIDC_AUDIENCE: 'wami' };

describe('the trusted issuer', () => {
  it('is none where nothing is said', () => expect(read({})).toBeUndefined());

  it('has defaults for algorithms and claims', () => {
    expect(read(good)).toEqual({ issuer: good.WAMI_OIDC_ISSUER, audience: 'wami', algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], tenantClaim: 'wami_tenant', roleClaim: 'wami_role', privateNetwork: false });
  });

  it('may answer by http on this machine only', () => {
    expect(read({ ...good, WAMI_OIDC_ISSUER: 'http://127.0.0.1:8085' })?.issuer).toBe('http://127.0.0.1:8085');
  });

  it.each([
    ['an issuer without an audience', { WAMI_OIDC_ISSUER: good.WAMI_OIDC_ISSUER }, 'WAMI_OIDC_AUDIENCE: is required'],
    ['an audience without an issuer', { WAMI_OIDC_AUDIENCE: 'wami' }, 'WAMI_OIDC_ISSUER: is required'],
    ['http elsewhere', { ...good, WAMI_OIDC_ISSUER: 'http://login.acme.test' }, 'WAMI_OIDC_ISSUER: must be an https'],
    ['a metadata address', { ...good, WAMI_OIDC_ISSUER: 'http://169.254.169.254/' }, 'WAMI_OIDC_ISSUER'],
    ['another scheme', { ...good, WAMI_OIDC_ISSUER: 'file:///etc/issuer' }, 'WAMI_OIDC_ISSUER'],
    ['a password in the address', { ...good, WAMI_OIDC_ISSUER: 'https://a:hunter2@login.acme.test' }, 'WAMI_OIDC_ISSUER'],
    ['a query', { ...good, WAMI_OIDC_ISSUER: 'https://login.acme.test/?a=1' }, 'WAMI_OIDC_ISSUER'],
    ['a shared secret', { ...good, WAMI_OIDC_ALGORITHMS: 'RS256,HS256' }, 'WAMI_OIDC_ALGORITHMS'],
    ['no signature', { ...good, WAMI_OIDC_ALGORITHMS: 'none' }, 'WAMI_OIDC_ALGORITHMS'],
    ['no algorithm', { ...good, WAMI_OIDC_ALGORITHMS: ' , ' }, 'WAMI_OIDC_ALGORITHMS'],
  ])('is not %s', (_name, env, told) => {
    expect(() => read(env)).toThrow(told);
    expect(() => read(env)).not.toThrow('hunter2');
  });
});
