import { z } from 'zod';
import { StartupError } from '../../config/startup-error';

/** Only signatures that the issuer alone can make: with a shared secret (HS256) whoever checks a token could also forge it. */
export const OIDC_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const DEFAULT_ALGORITHMS = 'RS256,PS256,ES256,EdDSA';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

/** https, or http on this machine; no query, no fragment, no credentials. */
const issuerSchema = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}, 'must be an https:// address without query, exactly as the tokens name it');

const algorithmsSchema = z.string().default(DEFAULT_ALGORITHMS).transform((text, context) => {
  const asked = text.split(',').map((name) => name.trim()).filter(Boolean);
  const known = OIDC_ALGORITHMS.filter((name) => asked.includes(name));
  if (asked.length === 0 || asked.length !== known.length) context.addIssue({ code: 'custom', message: `must be some of ${OIDC_ALGORITHMS.join(', ')}` });
  return known;
});

const claimSchema = z.string().min(1).max(256);

/** Access tokens of an OpenID Connect issuer; for the configuration of a service. */
export const oidcConfigShape = {
  WAMI_OIDC_ISSUER: issuerSchema.optional(),
  WAMI_OIDC_AUDIENCE: z.string().min(1).optional(),
  WAMI_OIDC_ALGORITHMS: algorithmsSchema,
  WAMI_OIDC_TENANT_CLAIM: claimSchema.default('wami_tenant'),
  WAMI_OIDC_ROLE_CLAIM: claimSchema.default('wami_role'),
  WAMI_OIDC_PRIVATE_NETWORK: z.enum(['true', 'false']).default('false').transform((text) => text === 'true'),
};

export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly tenantClaim: string;
  readonly roleClaim: string;
  readonly privateNetwork: boolean;
}

interface OidcConfig {
  readonly WAMI_OIDC_ISSUER?: string | undefined;
  readonly WAMI_OIDC_AUDIENCE?: string | undefined;
  readonly WAMI_OIDC_ALGORITHMS: readonly string[];
  readonly WAMI_OIDC_TENANT_CLAIM: string;
  readonly WAMI_OIDC_ROLE_CLAIM: string;
  readonly WAMI_OIDC_PRIVATE_NETWORK: boolean;
}

/** Undefined where no issuer is trusted. @throws StartupError where only one of issuer and audience is given */
export function oidcSettingsOf(config: OidcConfig): OidcSettings | undefined {
  const { WAMI_OIDC_ISSUER: issuer, WAMI_OIDC_AUDIENCE: audience } = config;
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined || audience === undefined) {
    throw new StartupError(`Bad configuration. ${issuer === undefined ? 'WAMI_OIDC_ISSUER' : 'WAMI_OIDC_AUDIENCE'}: is required beside the other one.`);
  }
  return {
    issuer, audience, algorithms: config.WAMI_OIDC_ALGORITHMS, tenantClaim: config.WAMI_OIDC_TENANT_CLAIM, roleClaim: config.WAMI_OIDC_ROLE_CLAIM,
    privateNetwork: config.WAMI_OIDC_PRIVATE_NETWORK,
  };
}
