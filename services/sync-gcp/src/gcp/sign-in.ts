import { GoogleAuth, Impersonated, OAuth2Client, type AuthClient } from 'google-auth-library';
import { ProviderError } from '@wami/provider-port';
import type { DirectCredentials, GcpSettings } from './gcp.config';
import { toSignInError } from './gcp.errors';

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
/** Those that calls about the directory need. */
export const DIRECTORY_SCOPES: readonly string[] = [...SCOPES, 'https://www.googleapis.com/auth/admin.directory.user'];
const OPERATION = 'sign in';
/** Node's own fetch: it needs no package loaded on demand, and its errors name their cause. */
const TRANSPORT = { transporterOptions: { fetchImplementation: (...args: Parameters<typeof fetch>) => fetch(...args) } };

/** Who signs the calls. */
export interface Signer {
  readonly client: AuthClient;
  /** Whom the credentials name; undefined where only Google could tell. */
  readonly principal: string | undefined;
}

/** `secret`: what the credentials refer to. @throws ProviderError `AuthExpired` where nobody can sign in with it */
export async function signIn({ account, credentials, endpoints, directory }: GcpSettings, secret: string | undefined): Promise<Signer> {
  const scopes = [...(directory ? DIRECTORY_SCOPES : SCOPES)];
  if (credentials.type !== 'impersonate') return direct(credentials.type, { projectId: account, scopes }, secret);
  const { client } = await direct(credentials.source.type, { projectId: account, scopes: SCOPES }, secret);
  const { serviceAccount, delegates } = credentials;
  const impersonated = new Impersonated({
    ...TRANSPORT, sourceClient: client, targetPrincipal: serviceAccount, targetScopes: scopes, delegates: [...delegates],
    ...(endpoints.iamcredentials === undefined ? {} : { endpoint: endpoints.iamcredentials.replace(/\/$/, '') }),
  });
  return { client: impersonated, principal: serviceAccount };
}

/** An id is told, else the SDK would go and look for one; no call of ours uses it. */
async function direct(type: DirectCredentials['type'], asked: { readonly projectId: string; readonly scopes: string[] }, secret = ''): Promise<Signer> {
  switch (type) {
    case 'default':
      return opened(new GoogleAuth({ ...asked, clientOptions: TRANSPORT }));
    case 'file':
      return opened(new GoogleAuth({ ...asked, credentials: json(secret), clientOptions: TRANSPORT }));
    case 'bearer': {
      const client = new OAuth2Client(TRANSPORT);
      client.setCredentials({ access_token: secret });
      return { client, principal: undefined };
    }
  }
}

async function opened(auth: GoogleAuth): Promise<Signer> {
  try {
    const client = await auth.getClient();
    const email = client instanceof OAuth2Client && 'email' in client && typeof client.email === 'string' ? client.email : impersonatedEmail(client);
    return { client, principal: email };
  } catch (error) {
    const { message, options } = toSignInError(error, OPERATION);
    throw new ProviderError('AuthExpired', message, { ...options, effect: 'none' });
  }
}

/** A federated identity that goes on as a service account says so. */
function impersonatedEmail(client: AuthClient): string | undefined {
  if (!('getServiceAccountEmail' in client) || typeof client.getServiceAccountEmail !== 'function') return undefined;
  const email: unknown = client.getServiceAccountEmail();
  return typeof email === 'string' ? email : undefined;
}

function json(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, without a word of what stands there.
  }
  throw new ProviderError('AuthExpired', 'the credentials are no JSON document of Google', { effect: 'none' });
}
