import { ProviderError, secretReferenceSchema, type Connection } from '@wami/provider-port';
import { secretOf } from '@wami/sync-service';
import { z } from 'zod';

const credentialsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('default') }),
  z.strictObject({
    type: z.literal('static'),
    accessKeyId: secretReferenceSchema,
    secretAccessKey: secretReferenceSchema,
    sessionToken: secretReferenceSchema.optional(),
  }),
  z.strictObject({ type: z.literal('profile'), profile: z.string().min(1) }),
]);
const SUPPORTED = ['default', 'static', 'profile'];

export interface StaticKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** `read` fetches the secrets anew, so that a rotated file is noticed. @throws ProviderError `AuthExpired` where one cannot be read. */
export type AwsCredentials =
  { readonly type: 'default' } | { readonly type: 'profile'; readonly profile: string } | { readonly type: 'static'; read(): StaticKeys };

/** A connection in the terms of the SDK. Where an endpoint is absent, AWS's own or the one of `AWS_ENDPOINT_URL_IAM` and its like holds. */
export interface AwsSettings {
  readonly account: string;
  readonly region: string;
  readonly endpoints: { readonly iam?: string; readonly sts?: string };
  readonly credentials: AwsCredentials;
  readonly concurrency: number;
}

const DEFAULT_CONCURRENCY = 32;
/** IAM and STS have one global home in a partition; the region chooses the partition. */
const DEFAULT_REGION = 'us-east-1';
const APIS = ['iam', 'sts'];

/** @throws ProviderError `InvalidRequest` naming the key that is wrong, never its value. */
export function awsSettings(connection: Connection): AwsSettings {
  const { account, endpoint, endpoints = {}, limits } = connection;
  if (!/^\d{12}$/.test(account)) throw wrong(connection, 'account', 'an AWS account is twelve digits (in quotes)');
  const unknown = Object.keys(endpoints).find((api) => !APIS.includes(api));
  if (unknown !== undefined)
    throw wrong(connection, `endpoints.${unknown}`, `not an API of AWS that is used here; known: ${APIS.join(', ')}`);
  const iam = endpoints['iam'] ?? endpoint;
  const sts = endpoints['sts'] ?? endpoint;
  return {
    account,
    region: process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || DEFAULT_REGION,
    endpoints: { ...(iam === undefined ? {} : { iam }), ...(sts === undefined ? {} : { sts }) },
    credentials: credentialsOf(connection),
    concurrency: limits?.concurrency ?? DEFAULT_CONCURRENCY,
  };
}

function credentialsOf(connection: Connection): AwsCredentials {
  const { type } = connection.credentials;
  if (!SUPPORTED.includes(type))
    throw wrong(connection, 'credentials.type', `'${type}' is not supported; supported: ${SUPPORTED.join(', ')}`);
  const parsed = credentialsSchema.safeParse(connection.credentials);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(connection, ['credentials', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
  }
  if (parsed.data.type !== 'static') return parsed.data;
  const { accessKeyId, secretAccessKey, sessionToken } = parsed.data;
  const read = (): StaticKeys => ({
    accessKeyId: secretOf(connection, 'credentials.accessKeyId', accessKeyId),
    secretAccessKey: secretOf(connection, 'credentials.secretAccessKey', secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken: secretOf(connection, 'credentials.sessionToken', sessionToken) }),
  });
  return { type: 'static', read };
}

function wrong(connection: Connection, key: string, problem: string): ProviderError {
  return new ProviderError('InvalidRequest', `connection aws/${connection.account}: ${key}: ${problem}`);
}
