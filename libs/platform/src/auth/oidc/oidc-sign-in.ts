import { z } from 'zod';
import { StartupError } from '../../config/startup-error';
import { ProblemError } from '../../http/problem-error';
import { AnsweredOtherwise, fetchJson } from './fetch-json';
import { isLoopback, type OidcSettings } from './oidc-config';

/** How people are sent to the issuer to sign in; for the configuration of who serves the console. */
export const oidcSignInShape = {
  WAMI_OIDC_CLIENT_ID: z.string().min(1).max(256).optional(),
  WAMI_OIDC_SCOPE: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes, separated by one blank').default('openid'),
  WAMI_OIDC_RESOURCE: z.string().refine((text) => URL.canParse(text) && new URL(text).hash === '', 'must be an absolute address without fragment').optional(),
};

interface SignInConfig {
  readonly WAMI_OIDC_CLIENT_ID?: string | undefined;
  readonly WAMI_OIDC_SCOPE: string;
  readonly WAMI_OIDC_RESOURCE?: string | undefined;
}

export interface OidcSignInSettings {
  readonly issuer: string;
  readonly privateNetwork: boolean;
  readonly clientId: string;
  readonly scope: string;
  readonly resource?: string;
}

/** Undefined where nobody signs in so. @throws StartupError where a client is named and no issuer */
export function oidcSignInSettingsOf(config: SignInConfig, oidc: OidcSettings | undefined): OidcSignInSettings | undefined {
  const { WAMI_OIDC_CLIENT_ID: clientId, WAMI_OIDC_SCOPE: scope, WAMI_OIDC_RESOURCE: resource } = config;
  if (clientId === undefined) return undefined;
  if (!oidc) throw new StartupError('Bad configuration. WAMI_OIDC_ISSUER: is required beside WAMI_OIDC_CLIENT_ID.');
  return { issuer: oidc.issuer, privateNetwork: oidc.privateNetwork, clientId, scope, ...(resource === undefined ? {} : { resource }) };
}

/** Where a browser goes, and with what beside the values that it makes itself. */
export interface OidcAuthorization {
  readonly issuer: string;
  readonly endpoint: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const discoverySchema = z.object({ issuer: z.string(), authorization_endpoint: z.string(), token_endpoint: z.string() });
const answerSchema = z.object({ access_token: z.string().min(1), token_type: z.string().regex(/^bearer$/i) });

/**
 * Signs people in by the authorization code flow with PKCE, as a public client: whoever brings a code and what it was asked for with gets the access
 * token. Nothing is remembered here, so that every replica can finish what another one began.
 */
export class OidcSignIn {
  constructor(private readonly settings: OidcSignInSettings) {}

  /** @throws ProblemError Unavailable where the issuer cannot be reached or is not itself */
  async authorization(): Promise<OidcAuthorization> {
    const { issuer, clientId, scope, resource } = this.settings;
    const { authorization_endpoint: endpoint } = await this.discovered();
    return { issuer, endpoint, parameters: { client_id: clientId, response_type: 'code', code_challenge_method: 'S256', scope, ...(resource === undefined ? {} : { resource }) } };
  }

  /** The access token that the code is worth, once. @throws ProblemError Unauthenticated where the issuer says no, Unavailable */
  async tokenFor({ code, verifier, redirectUri }: { readonly code: string; readonly verifier: string; readonly redirectUri: string }): Promise<string> {
    const { clientId, resource } = this.settings;
    const { token_endpoint: endpoint } = await this.discovered();
    const form = new URLSearchParams({
      grant_type: 'authorization_code', client_id: clientId, code, code_verifier: verifier, redirect_uri: redirectUri, ...(resource === undefined ? {} : { resource }),
    });
    const answer = answerSchema.safeParse(await this.asked(endpoint, form));
    if (!answer.success) throw new ProblemError('Unavailable', { detail: `${this.settings.issuer} gave no access token` });
    return answer.data.access_token;
  }

  private async discovered(): Promise<z.infer<typeof discoverySchema>> {
    const { issuer } = this.settings;
    const discovery = discoverySchema.safeParse(await this.asked(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    const { success, data } = discovery;
    if (!success || data.issuer !== issuer) throw new ProblemError('Unavailable', { detail: `the discovery document of ${issuer} is not its own` });
    for (const address of [data.authorization_endpoint, data.token_endpoint]) {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      if (url?.protocol !== 'https:' && url?.origin !== new URL(issuer).origin) throw new ProblemError('Unavailable', { detail: `${issuer} names an address that is not https` });
    }
    return data;
  }

  private async asked(address: string, form?: URLSearchParams): Promise<unknown> {
    const { issuer, privateNetwork } = this.settings;
    const rule = { privateNetworks: privateNetwork, loopback: isLoopback(new URL(issuer)) };
    try {
      return await fetchJson(address, { rule, ...(form ? { form } : {}) });
    } catch (error) {
      const { cause } = error as Error;
      if (form && cause instanceof AnsweredOtherwise && cause.status >= 400 && cause.status < 500) throw new ProblemError('Unauthenticated', { detail: `${issuer} did not take the code: it was used, is too old, or was asked for by somebody else` });
      throw new ProblemError('Unavailable', { retryAfter: 10, detail: `${issuer} cannot be asked now` });
    }
  }
}
