import { X509Certificate } from 'node:crypto';
import { ProviderError, secretReferenceSchema, type Connection } from '@wami/provider-port';
import { expiryOf, expirySchema, secretOf } from '@wami/sync-service';
import { z } from 'zod';
import { accountParts, placeOf, type Place } from './place';

const clientId = z.string().min(1);
const credentialsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('default') }),
  z.strictObject({ type: z.literal('client-secret'), clientId, clientSecret: secretReferenceSchema, expiresAt: expirySchema.optional() }),
  z.strictObject({ type: z.literal('client-certificate'), clientId, certificate: secretReferenceSchema }),
  z.strictObject({ type: z.literal('workload-identity'), clientId: clientId.optional(), tokenFile: z.string().min(1).optional() }),
  z.strictObject({ type: z.literal('managed-identity'), clientId: clientId.optional() }),
  z.strictObject({ type: z.literal('bearer'), token: secretReferenceSchema }),
]);
const SUPPORTED = ['default', 'client-secret', 'client-certificate', 'workload-identity', 'managed-identity', 'bearer'];

/** `read` fetches the secret anew, so that a rotated one is noticed. @throws ProviderError `AuthExpired` where it cannot be read. */
export type AzureCredentials =
  | { readonly type: 'default' }
  | { readonly type: 'client-secret' | 'client-certificate'; readonly clientId: string; read(): string; expiresAt(): string | undefined }
  | { readonly type: 'workload-identity'; readonly clientId?: string | undefined; readonly tokenFile?: string | undefined }
  | { readonly type: 'managed-identity'; readonly clientId?: string | undefined }
  | { readonly type: 'bearer'; read(): string };

/** A connection in the terms of the SDKs. Where an endpoint is absent, Microsoft's own of the public cloud holds. */
export interface AzureSettings {
  /** Id of the Entra tenant, or one of its verified domains. */
  readonly tenant: string;
  /** Absent: nothing of Azure RBAC can be held. */
  readonly place?: Place;
  readonly endpoints: { readonly graph?: string; readonly arm?: string; readonly login?: string };
  readonly credentials: AzureCredentials;
}

const APIS = ['graph', 'arm', 'login'] as const;

/** @throws ProviderError `InvalidRequest` naming the key that is wrong, never its value. */
export function azureSettings(connection: Connection): AzureSettings {
  const { endpoint, endpoints = {} } = connection;
  const unknown = Object.keys(endpoints).find((api) => !APIS.some((known) => known === api));
  if (unknown !== undefined) throw wrong(connection, `endpoints.${unknown}`, `not an API of Microsoft that is used here; known: ${APIS.join(', ')}`);
  const chosen = APIS.flatMap((api) => {
    const url = endpoints[api] ?? endpoint;
    return url === undefined ? [] : [[api, url.replace(/\/+$/, '')] as const];
  });
  return { ...whereOf(connection), endpoints: Object.fromEntries(chosen), credentials: credentialsOf(connection) };
}

/** The account says where roles are given, or the connection's scope does. */
function whereOf(connection: Connection): Pick<AzureSettings, 'tenant' | 'place'> {
  const { account, scope } = connection;
  const parts = accountParts(account);
  if (parts === undefined) {
    throw wrong(connection, 'account', 'write <tenant>, <tenant>:<subscription>, <tenant>:<subscription>:resourceGroups:<name> or <tenant>:managementGroups:<name>: ids, or a domain of the tenant');
  }
  if (scope === undefined) return parts;
  if (parts.place !== undefined) throw wrong(connection, 'scope', 'the account says where already: leave one of them out');
  const place = placeOf(scope);
  if (place === undefined) throw wrong(connection, 'scope', 'write <subscription>, <subscription>:resourceGroups:<name> or managementGroups:<name>');
  return { ...parts, place };
}

function credentialsOf(connection: Connection): AzureCredentials {
  const { type } = connection.credentials;
  if (!SUPPORTED.includes(type)) throw wrong(connection, 'credentials.type', `'${type}' is not supported; supported: ${SUPPORTED.join(', ')}`);
  const parsed = credentialsSchema.safeParse(connection.credentials);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(connection, ['credentials', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
  }
  const { data } = parsed;
  switch (data.type) {
    case 'client-secret':
      return { type: data.type, clientId: data.clientId, read: () => secretOf(connection, 'credentials.clientSecret', data.clientSecret), expiresAt: () => expiryOf(data.expiresAt) };
    case 'client-certificate':
      return certificate(data.clientId, () => secretOf(connection, 'credentials.certificate', data.certificate));
    case 'bearer':
      return { type: data.type, read: () => secretOf(connection, 'credentials.token', data.token) };
    default:
      return data;
  }
}

/** A certificate says itself when it ends. */
function certificate(clientId: string, read: () => string): AzureCredentials {
  const expiresAt = (): string | undefined => {
    const [pem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(read()) ?? [];
    return pem === undefined ? undefined : new Date(new X509Certificate(pem).validTo).toISOString();
  };
  return { type: 'client-certificate', clientId, read, expiresAt };
}

function wrong(connection: Connection, key: string, problem: string): ProviderError {
  return new ProviderError('InvalidRequest', `connection azure/${connection.account}: ${key}: ${problem}`);
}
