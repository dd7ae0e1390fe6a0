import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProviderError, type CallerIdentity, type Connection, type ProviderError } from '@wami/provider-port';
import { createAwsAdapter } from './aws.adapter';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/wami-sync`;
const FAR = '2099-01-01T00:00:00Z';

/** What was asked of STS: the action with what matters of it, and by which key. */
interface Asked {
  readonly action: string;
  readonly by: string;
  readonly params: Readonly<Record<string, string>>;
}

let server: Server;
let folder: string;
let asked: Asked[] = [];
/** What STS answers instead of a session. */
let refuse: { readonly status: number; readonly code: string } | undefined;
/** Until when a session lasts that it gives. */
let until = FAR;
const before = process.env;
const endpoint = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aws-credentials-'));
  server = createServer((request, response) => {
    answer(request).then(({ status, body }) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
  refuse = undefined;
  until = FAR;
  const absent = join(folder, 'absent');
  process.env = { PATH: before['PATH'], HOME: folder, AWS_CONFIG_FILE: absent, AWS_SHARED_CREDENTIALS_FILE: absent, AWS_EC2_METADATA_DISABLED: 'true', SPEC_KEY: 'AKIASTATIC', SPEC_SECRET: 'never-shown' };
});
afterEach(() => {
  process.env = before;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** STS: gives sessions, and says whose key signed. */
async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  if (request.url !== '/') return { status: 200, body: given(request) };
  const { Action: action = '', Version: _version, ...params } = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
  const by = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody';
  asked.push({ action, by, params });
  if (action === 'GetCallerIdentity') return said(action, `<Arn>arn:aws:sts::${ACCOUNT}:${by}</Arn><UserId>x</UserId><Account>${ACCOUNT}</Account>`);
  if (refuse) return { status: refuse.status, body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${refuse.code}</Code><Message>no session</Message></Error><RequestId>r</RequestId></ErrorResponse>` };
  return said(action, `<Credentials><AccessKeyId>ASIA${action.toUpperCase()}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials>`);
}

/** What hands out credentials beside STS: the metadata of an instance, those of a container, the portal of single sign-on. */
function given({ method = '', url = '', headers }: IncomingMessage): string {
  const path = url.split('?', 1)[0] ?? '';
  const by = headers.authorization ?? headers['x-amz-sso_bearer_token'] ?? headers['x-aws-ec2-metadata-token'] ?? 'nobody';
  asked.push({ action: `${method} ${path}`, by: String(by), params: {} });
  const keys = (key: string): object => ({ AccessKeyId: key, SecretAccessKey: 's', Token: 't', Expiration: until });
  switch (path) {
    case '/latest/api/token': return 'metadata-token';
    case '/latest/meta-data/iam/security-credentials/': return 'wami';
    case '/latest/meta-data/iam/security-credentials/wami': return JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...keys('ASIAINSTANCE') });
    case '/container': return JSON.stringify(keys('ASIACONTAINER'));
    case '/federation/credentials': return JSON.stringify({ roleCredentials: { accessKeyId: 'ASIASSO', secretAccessKey: 's', sessionToken: 't', expiration: Date.parse(until) } });
    default: return '';
  }
}

const said = (action: string, result: string): { status: number; body: string } =>
  ({ status: 200, body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>` });

const connected = (credentials: Connection['credentials']) => createAwsAdapter().connect({ provider: 'aws', account: ACCOUNT, endpoint: endpoint(), credentials });
const context = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(10_000) });

async function whoAmI(credentials: Connection['credentials']): Promise<CallerIdentity> {
  const target = connected(credentials);
  try {
    return await target.validateCredentials(context());
  } finally {
    await target.close();
  }
}

async function refusal(credentials: Connection['credentials']): Promise<ProviderError> {
  try {
    throw new Error(`no error, but ${JSON.stringify(await whoAmI(credentials))}`);
  } catch (error) {
    if (isProviderError(error)) return error;
    throw error;
  }
}

const STATIC = { type: 'static', accessKeyId: 'env:SPEC_KEY', secretAccessKey: 'env:SPEC_SECRET' };
const signedBy = (key: string, more: object = {}): object => ({ account: ACCOUNT, principal: `arn:aws:sts::${ACCOUNT}:${key}`, ...more });

describe('who signs in to AWS', () => {
  it('static keys, and a session token among them whose end the connection says', async () => {
    expect(await whoAmI(STATIC)).toEqual(signedBy('AKIASTATIC'));
    expect(await whoAmI({ ...STATIC, sessionToken: `file:${file('token', 'a-session')}`, expiresAt: '2027-01-31' })).toEqual(signedBy('AKIASTATIC', { expiresAt: '2027-01-31T00:00:00.000Z' }));
    expect(await whoAmI({ ...STATIC, expiresAt: `file:${file('ends', '2027-02-01T12:00:00+02:00\n')}` })).toMatchObject({ expiresAt: '2027-02-01T10:00:00.000Z' });
  });

  it('the default chain; a session in the environment says when it ends', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'ASIAENV', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '2027-03-01T00:00:00Z' });
    expect(await whoAmI({ type: 'default' })).toEqual(signedBy('ASIAENV', { expiresAt: '2027-03-01T00:00:00.000Z' }));
  });

  it.each<[string, string, string[], () => NodeJS.ProcessEnv]>([
    ['the shared files', 'AKIASHARED', [], () => ({ AWS_SHARED_CREDENTIALS_FILE: file('shared-default', '[default]\naws_access_key_id = AKIASHARED\naws_secret_access_key = x\n') })],
    ['a process that the shared files name', 'AKIAPROCESS', [], () => ({
      AWS_PROFILE: 'tool', AWS_CONFIG_FILE: file('process', `[profile tool]\ncredential_process = echo '{"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "x"}'\n`),
    })],
    ['single sign-on', 'ASIASSO', ['GET /federation/credentials signed-on'], () => {
      mkdirSync(join(folder, '.aws/sso/cache'), { recursive: true });
      file(`.aws/sso/cache/${createHash('sha1').update('staff').digest('hex')}.json`, JSON.stringify({ accessToken: 'signed-on', expiresAt: FAR }));
      return { AWS_PROFILE: 'staff', AWS_CONFIG_FILE: file('sso', `[profile staff]\nsso_session = staff\nsso_account_id = ${ACCOUNT}\nsso_role_name = wami\n[sso-session staff]\nsso_region = us-east-1\nsso_start_url = ${endpoint()}\n`) };
    }],
    ['a web identity', 'ASIAASSUMEROLEWITHWEBIDENTITY', ['AssumeRoleWithWebIdentity nobody'], () => ({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file('identity-of-env', 'a-token') })],
    ['a container', 'ASIACONTAINER', ['GET /container a-container-token'], () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint()}/container`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a-container-token' })],
    ['an instance', 'ASIAINSTANCE', ['PUT /latest/api/token nobody', 'GET /latest/meta-data/iam/security-credentials/ metadata-token', 'GET /latest/meta-data/iam/security-credentials/wami metadata-token'],
      () => ({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint() })],
  ])('the default chain: %s', async (_, key, calls, environment) => {
    // No service of AWS is called but this one, whatever the chain comes to.
    Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint() }, environment());
    expect(await whoAmI({ type: 'default' })).toEqual(signedBy(key));
    expect(asked.map(({ action, by }) => `${action} ${by}`)).toEqual([...calls, `GetCallerIdentity ${key}`]);
  });

  it('a profile of the shared files', async () => {
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = file('shared', '[ops]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\n');
    expect(await whoAmI({ type: 'profile', profile: 'ops' })).toEqual(signedBy('AKIAPROFILE'));
  });

  it('a role that is assumed, with an external id, by whoever the source is, whose end counts', async () => {
    const role = { type: 'assume-role', roleArn: ROLE, externalId: 'ours-at-yours', durationSeconds: 900 };
    expect(await whoAmI({ ...role, source: { ...STATIC, expiresAt: '2027-01-31' } })).toEqual(signedBy('ASIAASSUMEROLE', { expiresAt: '2027-01-31T00:00:00.000Z' }));
    expect(asked[0]).toEqual({ action: 'AssumeRole', by: 'AKIASTATIC', params: { RoleArn: ROLE, RoleSessionName: 'wami', ExternalId: 'ours-at-yours', DurationSeconds: '900' } });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(await whoAmI({ type: 'assume-role', roleArn: ROLE, sessionName: 'ours' })).toEqual(signedBy('ASIAASSUMEROLE'));
    expect(asked[2]).toEqual({ action: 'AssumeRole', by: 'AKIAENV', params: { RoleArn: ROLE, RoleSessionName: 'ours' } });
  });

  it('a web identity, whose token is read anew for each session', async () => {
    until = new Date(Date.now() + 60_000).toISOString();
    const target = connected({ type: 'web-identity', roleArn: ROLE, tokenFile: file('identity', 'first') });
    expect(await target.validateCredentials(context())).toEqual(signedBy('ASIAASSUMEROLEWITHWEBIDENTITY'));
    file('identity', 'second');
    await target.validateCredentials(context());
    await target.close();
    const sessions = asked.filter(({ action }) => action === 'AssumeRoleWithWebIdentity').map(({ by, params }) => [by, params['WebIdentityToken'], params['RoleSessionName']]);
    expect(sessions).toEqual(expect.arrayContaining([['nobody', 'first', 'wami'], ['nobody', 'second', 'wami']]));
  });

  it.each<[string, number, string]>([
    ['AccessDenied', 403, 'AuthExpired'], ['ExpiredToken', 400, 'AuthExpired'], ['InvalidIdentityToken', 400, 'AuthExpired'], ['Throttling', 400, 'Throttled'], ['ServiceUnavailable', 503, 'Unavailable'],
  ])('where STS answers %s to who wants a session it is asked once, the call is not made, and nothing of the secret is shown', async (code, status, expected) => {
    refuse = { status, code };
    for (const credentials of [{ type: 'assume-role', roleArn: ROLE, source: STATIC }, { type: 'web-identity', roleArn: ROLE, tokenFile: file('identity', 'never-shown') }]) {
      asked = [];
      const error = await refusal(credentials);
      expect([error.code, error.options.effect, asked.length]).toEqual([expected, 'none', 1]);
      expect(JSON.stringify([error.message, error.options])).not.toContain('never-shown');
    }
  });

  it('nobody, where a file is away: AuthExpired, and nothing is sent', async () => {
    for (const credentials of [{ type: 'web-identity', roleArn: ROLE, tokenFile: join(folder, 'absent') }, { type: 'profile', profile: 'ops' }]) expect((await refusal(credentials)).code).toBe('AuthExpired');
    expect(asked).toEqual([]);
  });
});
