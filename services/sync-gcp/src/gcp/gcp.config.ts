import { ProviderError, secretReferenceSchema, type Connection } from '@wami/provider-port';
import { expiryOf, expirySchema, secretOf } from '@wami/sync-service';
import { z } from 'zod';
import { placeOf, type Place } from './place';

const SERVICE_ACCOUNT_EMAIL = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'the e-mail address of a service account');
const direct = [
  z.strictObject({ type: z.literal('default') }),
  z.strictObject({ type: z.literal('service-account'), key: secretReferenceSchema, expiresAt: expirySchema.optional() }),
  z.strictObject({ type: z.literal('external-account'), configuration: secretReferenceSchema }),
  z.strictObject({ type: z.literal('bearer'), token: secretReferenceSchema }),
] as const;
const credentialsSchema = z.discriminatedUnion('type', [
  ...direct,
  z.strictObject({
    type: z.literal('impersonate'),
    serviceAccount: SERVICE_ACCOUNT_EMAIL,
    delegates: z.array(SERVICE_ACCOUNT_EMAIL).max(10).optional(),
    source: z.discriminatedUnion('type', direct).optional(),
  }),
]);
const SUPPORTED = ['default', 'service-account', 'external-account', 'bearer', 'impersonate'];

type Parsed = z.infer<(typeof direct)[number]>;

/** `read` fetches the secret anew, so that a rotated file is noticed. @throws ProviderError `AuthExpired` where it cannot be read. */
export type DirectCredentials =
  | { readonly type: 'default' }
  | { readonly type: 'file'; read(): string; expiresAt?(): string | undefined }
  | { readonly type: 'bearer'; read(): string };
export type GcpCredentials =
  | DirectCredentials
  | { readonly type: 'impersonate'; readonly serviceAccount: string; readonly delegates: readonly string[]; readonly source: DirectCredentials };

/** The APIs that are called, as `endpoints` of a connection names them. */
const APIS = ['iam', 'cloudresourcemanager', 'iamcredentials', 'cloudidentity', 'admin'] as const;
export type GcpEndpoints = Readonly<Partial<Record<(typeof APIS)[number], string>>>;

/** The organisation's directory, which users and groups stand in. */
export type Directory = NonNullable<Connection['directory']>;

/** A connection in the terms of the SDKs. Where an endpoint is absent, Google's own holds. */
export interface GcpSettings {
  readonly account: string;
  /** What the account is. */
  readonly node: Place;
  /** Where what is attached is given: the node, or what is above it. */
  readonly place: Place;
  readonly endpoints: GcpEndpoints;
  readonly credentials: GcpCredentials;
  /** Absent: nothing of it can be held. */
  readonly directory?: Directory;
  /** Policies that deny are held too. */
  readonly denyPolicies: boolean;
  /** Where principal access boundaries stand: `organizations/456`. Absent: none are held. */
  readonly accessBoundaries?: string;
}

/** @throws ProviderError `InvalidRequest` naming the key that is wrong, never its value. */
export function gcpSettings(connection: Connection): GcpSettings {
  const { account, scope, endpoint, endpoints = {}, directory, denyPolicies = false, accessBoundaries } = connection;
  const node = placeOf(account);
  if (node === undefined) {
    throw wrong(connection, 'account', "a Google Cloud project's id: 6 to 30 lower-case letters, digits and hyphens (not its name or number); or organizations:NUMBER, or organizations:NUMBER:folders:NUMBER");
  }
  const unknown = Object.keys(endpoints).find((api) => !APIS.some((known) => known === api));
  if (unknown !== undefined)
    throw wrong(connection, `endpoints.${unknown}`, `not an API of Google that is used here; known: ${APIS.join(', ')}`);
  const chosen = APIS.flatMap((api) => {
    const url = endpoints[api] ?? endpoint;
    return url === undefined ? [] : [[api, url] as const];
  });
  if (scope !== undefined && node.kind !== 'projects') throw wrong(connection, 'scope', 'for a project alone: the account of this connection says where things are given');
  const place = (scope === undefined ? undefined : placeOf(scope)) ?? node;
  const organization = accessBoundaries === undefined ? undefined : placeOf(accessBoundaries)?.scope;
  if (organization !== undefined && place.kind !== 'projects' && place.rolesIn !== organization) throw wrong(connection, 'accessBoundaries', 'another organisation than that of the connection');
  return {
    account, node, place, endpoints: Object.fromEntries(chosen), credentials: credentialsOf(connection), denyPolicies, ...(organization === undefined ? {} : { accessBoundaries: organization }), ...(directory ? { directory } : {}),
  };
}

function credentialsOf(connection: Connection): GcpCredentials {
  const { type } = connection.credentials;
  if (!SUPPORTED.includes(type))
    throw wrong(connection, 'credentials.type', `'${type}' is not supported; supported: ${SUPPORTED.join(', ')}`);
  const parsed = credentialsSchema.safeParse(connection.credentials);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(connection, ['credentials', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
  }
  const { data } = parsed;
  if (data.type !== 'impersonate') return directOf(connection, data, 'credentials');
  const { serviceAccount, delegates = [], source = { type: 'default' } } = data;
  return { type: 'impersonate', serviceAccount, delegates, source: directOf(connection, source, 'credentials.source') };
}

function directOf(connection: Connection, credentials: Parsed, at: string): DirectCredentials {
  switch (credentials.type) {
    case 'default':
      return { type: 'default' };
    case 'service-account':
      return { type: 'file', read: () => secretOf(connection, `${at}.key`, credentials.key), expiresAt: () => expiryOf(credentials.expiresAt) };
    case 'external-account':
      return { type: 'file', read: () => secretOf(connection, `${at}.configuration`, credentials.configuration) };
    case 'bearer':
      return { type: 'bearer', read: () => secretOf(connection, `${at}.token`, credentials.token) };
  }
}

function wrong(connection: Connection, key: string, problem: string): ProviderError {
  return new ProviderError('InvalidRequest', `connection gcp/${connection.account}: ${key}: ${problem}`);
}
