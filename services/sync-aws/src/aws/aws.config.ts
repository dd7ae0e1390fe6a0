import { ProviderError, secretReferenceSchema, type Connection } from '@wami/provider-port';
import { expiryOf, expirySchema, secretOf } from '@wami/sync-service';
import { z } from 'zod';

const ROLE_ARN = z.string().regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, 'the ARN of a role: arn:aws:iam::<account>:role/<name>');
const SESSION_NAME = z.string().regex(/^[\w+=,.@-]{2,64}$/, '2 to 64 characters of A-Z, a-z, 0-9 and +=,.@-_');
const direct = [
  z.strictObject({ type: z.literal('default') }),
  z.strictObject({
    type: z.literal('static'),
    accessKeyId: secretReferenceSchema,
    secretAccessKey: secretReferenceSchema,
    sessionToken: secretReferenceSchema.optional(),
    expiresAt: expirySchema.optional(),
  }),
  z.strictObject({ type: z.literal('profile'), profile: z.string().min(1) }),
  z.strictObject({ type: z.literal('web-identity'), roleArn: ROLE_ARN, tokenFile: z.string().min(1), sessionName: SESSION_NAME.default('wami') }),
] as const;
const credentialsSchema = z.discriminatedUnion('type', [
  ...direct,
  z.strictObject({
    type: z.literal('assume-role'),
    roleArn: ROLE_ARN,
    externalId: z.string().min(2).max(1224).optional(),
    sessionName: SESSION_NAME.default('wami'),
    durationSeconds: z.number().int().min(900).max(43_200).optional(),
    source: z.discriminatedUnion('type', direct).default({ type: 'default' }),
  }),
]);
const SUPPORTED = ['default', 'static', 'profile', 'web-identity', 'assume-role'];

type Parsed = z.infer<(typeof direct)[number]>;

export interface StaticKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** `read` fetches the secrets anew, so that a rotated file is noticed. @throws ProviderError `AuthExpired` where one cannot be read. */
export type DirectCredentials =
  | { readonly type: 'default' }
  | { readonly type: 'profile'; readonly profile: string }
  | { readonly type: 'web-identity'; readonly roleArn: string; readonly tokenFile: string; readonly sessionName: string }
  | { readonly type: 'static'; read(): StaticKeys; expiresAt(): string | undefined };
export type AwsCredentials =
  | DirectCredentials
  | {
    readonly type: 'assume-role';
    readonly roleArn: string;
    readonly externalId?: string | undefined;
    readonly sessionName: string;
    readonly durationSeconds?: number | undefined;
    readonly source: DirectCredentials;
  };

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
  const { data } = parsed;
  return data.type === 'assume-role' ? { ...data, source: directOf(connection, data.source, 'credentials.source') } : directOf(connection, data, 'credentials');
}

function directOf(connection: Connection, credentials: Parsed, at: string): DirectCredentials {
  if (credentials.type !== 'static') return credentials;
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials;
  const read = (): StaticKeys => ({
    accessKeyId: secretOf(connection, `${at}.accessKeyId`, accessKeyId),
    secretAccessKey: secretOf(connection, `${at}.secretAccessKey`, secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken: secretOf(connection, `${at}.sessionToken`, sessionToken) }),
  });
  return { type: 'static', read, expiresAt: () => expiryOf(expiresAt) };
}

function wrong(connection: Connection, key: string, problem: string): ProviderError {
  return new ProviderError('InvalidRequest', `connection aws/${connection.account}: ${key}: ${problem}`);
}
