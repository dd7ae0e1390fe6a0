import type { AccessToken, TokenCredential } from '@azure/core-auth';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { AzureSettings } from './azure.config';

/** A token is fetched anew when it has less than this left. */
const EARLY_MS = 5 * 60_000;

/** Access tokens of one connection, by scope. Secrets are read when a token is fetched, so a rotated one needs no restart. */
export class Tokens {
  private readonly held = new Map<string, AccessToken>();
  private made: { readonly from: string; readonly credential: TokenCredential } | undefined;

  constructor(private readonly settings: AzureSettings) {}

  /** Rejects with what the SDK throws. */
  async token(scope: string, abortSignal: AbortSignal): Promise<string> {
    const { credentials } = this.settings;
    if (credentials.type === 'bearer') return credentials.read();
    const held = this.held.get(scope);
    if (held !== undefined && held.expiresOnTimestamp - Date.now() > EARLY_MS) return held.token;
    const fetched = await this.credential().getToken(scope, { abortSignal });
    if (fetched === null) throw Object.assign(new Error('no token was given'), { name: 'CredentialUnavailableError' });
    this.held.set(scope, fetched);
    return fetched.token;
  }

  /** After a token was refused: the next one is fetched. */
  forget(): void {
    this.held.clear();
    this.made = undefined;
  }

  private credential(): TokenCredential {
    const { credentials } = this.settings;
    const from = 'read' in credentials ? credentials.read() : '';
    if (this.made?.from !== from) this.made = { from, credential: make(this.settings, from) };
    return this.made.credential;
  }
}

function make({ tenant, credentials, endpoints: { login } }: AzureSettings, secret: string): TokenCredential {
  const options = { retryOptions: { maxRetries: 0 }, ...(login === undefined ? {} : { authorityHost: login, disableInstanceDiscovery: true }) };
  switch (credentials.type) {
    case 'client-secret':
      return new ClientSecretCredential(tenant, credentials.clientId, secret, options);
    case 'client-certificate':
      return new ClientCertificateCredential(tenant, credentials.clientId, { certificate: secret }, options);
    case 'workload-identity': {
      const { clientId, tokenFile } = credentials;
      return new WorkloadIdentityCredential({
        ...options,
        tenantId: tenant,
        ...(clientId === undefined ? {} : { clientId }),
        ...(tokenFile === undefined ? {} : { tokenFilePath: tokenFile }),
      });
    }
    case 'managed-identity':
      return new ManagedIdentityCredential(credentials.clientId === undefined ? {} : { clientId: credentials.clientId });
    default:
      return new DefaultAzureCredential({ ...options, tenantId: tenant });
  }
}

/** Whom a token speaks for, as the native ARN that its object has here; undefined where it is no JWT of Entra. */
export function principalIn(token: string): string | undefined {
  try {
    const { oid, idtyp, upn, scp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
    if (typeof oid !== 'string') return undefined;
    const person = idtyp === 'user' || upn !== undefined || scp !== undefined;
    return `/${person ? 'users' : 'servicePrincipals'}/${oid}`;
  } catch {
    // Opaque to us, as a token may be.
    return undefined;
  }
}
