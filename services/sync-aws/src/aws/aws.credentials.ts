import { fromIni, fromTemporaryCredentials, fromTokenFile } from '@aws-sdk/credential-providers';
import type { STSClientResolvedConfig } from '@aws-sdk/client-sts';
import { ProviderError } from '@wami/provider-port';
import type { AwsCredentials, AwsSettings, DirectCredentials } from './aws.config';
import { toProviderError } from './aws.errors';

/** The SDK asks for credentials again when they have less than five minutes left: files are read anew about this often. */
const REREAD_STATIC_MS = 10 * 60_000;
const OPERATION = 'sign in';

type Provider = NonNullable<Parameters<typeof fromTemporaryCredentials>[0]['masterCredentials']>;
type Calling = (...properties: unknown[]) => Promise<unknown>;

/** What the clients of a connection sign with. Absent for the default chain: they then look through environment, shared files, SSO, web identity, container and instance. */
export function signingWith(settings: AwsSettings): object {
  const { credentials } = settings;
  if (credentials.type === 'default') return {};
  return { credentials: credentials.type === 'assume-role' ? signIn(assumed(settings, credentials)) : direct(credentials, settings) };
}

/** When what a client signs with ends and does not renew itself; undefined where nothing says so. */
export async function endOf({ credentials }: AwsSettings, config: Pick<STSClientResolvedConfig, 'credentials'>): Promise<string | undefined> {
  const own = credentials.type === 'assume-role' ? credentials.source : credentials;
  if (own.type === 'static') return own.expiresAt();
  if (credentials.type !== 'default') return undefined;
  const { expiration, $source } = (await config.credentials()) as { readonly expiration?: Date; readonly $source?: Readonly<Record<string, string>> };
  // All else of the chain fetches new ones by itself; a session in the environment ends with its process.
  return $source?.['CREDENTIALS_ENV_VARS'] === undefined ? undefined : expiration?.toISOString();
}

function assumed(settings: AwsSettings, { roleArn, externalId, sessionName, durationSeconds, source }: Extract<AwsCredentials, { type: 'assume-role' }>): Calling {
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: sessionName, ...(externalId === undefined ? {} : { ExternalId: externalId }), ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }) },
    ...(source.type === 'default' ? {} : { masterCredentials: direct(source, settings) }),
    clientConfig: stsOf(settings),
  }) as Calling;
}

function direct(credentials: Exclude<DirectCredentials, { type: 'default' }>, settings: AwsSettings): Provider {
  switch (credentials.type) {
    case 'profile':
      return fromIni({ profile: credentials.profile });
    case 'static':
      return () => Promise.resolve({ ...credentials.read(), expiration: new Date(Date.now() + REREAD_STATIC_MS) });
    case 'web-identity': {
      const { roleArn, tokenFile, sessionName } = credentials;
      return signIn(fromTokenFile({ roleArn, webIdentityTokenFile: tokenFile, roleSessionName: sessionName, clientConfig: stsOf(settings) }) as Calling) as Provider;
    }
  }
}

/** One attempt: the engine alone retries. */
function stsOf({ region, endpoints: { sts } }: AwsSettings): object {
  return { region, maxAttempts: 1, ...(sts === undefined ? {} : { endpoint: sts }) };
}

/** Whoever may not take on the role is not signed in; the call that was to be signed was never sent. */
function signIn(provide: Calling): Calling {
  return async (...properties) => {
    try {
      return await provide(...properties);
    } catch (error) {
      const { code, message, options } = toProviderError(error, OPERATION);
      throw new ProviderError(PASSING.has(code) ? code : 'AuthExpired', message, { ...options, effect: 'none' });
    }
  };
}

/** What says nothing of the credentials. */
const PASSING = new Set(['Throttled', 'Unavailable', 'NetworkError', 'Timeout']);
