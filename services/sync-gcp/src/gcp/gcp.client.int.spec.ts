import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncErrorCode } from '@wami/contracts';
import { isProviderError, type CallContext, type Connection, type ProviderError } from '@wami/provider-port';
import { freePort } from '@wami/testing';
import { createGcpAdapter } from './gcp.adapter';

process.env['SPEC_GCP_CLIENT_TOKEN'] = 'never-shown';
const BEARER = { type: 'bearer', token: 'env:SPEC_GCP_CLIENT_TOKEN' };
const PROJECT = { name: 'projects/1', projectId: 'web-shop', state: 'ACTIVE' };
const mark = { instance: 'local', tenant: 'acme', id: 'sac_1', kind: 'service-account' };
const context = (timeoutMs = 5_000): CallContext => ({ signal: AbortSignal.timeout(timeoutMs) });

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const json = (body: unknown, status = 200): Answer => (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const google = (status: number, code: string, message = 'words'): Answer => json({ error: { code: status, status: code, message } }, status);

let server: Server;
let answer: Answer;
let requests: string[] = [];
const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?', 1)[0]} ${request.headers.authorization ?? 'nobody'}`);
    request.resume().on('end', () => answer(response, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const connected = (more: Partial<Connection> = {}) =>
  createGcpAdapter().connect({ provider: 'gcp', account: 'web-shop', endpoint: endpoint(), credentials: BEARER, ...more });

async function refusal(call: (target: ReturnType<typeof connected>) => Promise<unknown> | undefined, more: Partial<Connection> = {}): Promise<ProviderError> {
  const target = connected(more);
  try {
    throw new Error(`no error, but ${JSON.stringify(await call(target))}`);
  } catch (error) {
    if (isProviderError(error)) return error;
    throw error;
  } finally {
    await target.close();
  }
}
const look = (more: Partial<Connection> = {}, timeoutMs?: number) =>
  refusal((target) => target.handler('service-account')?.observe({ mark, names: ['deployer'] }, [], context(timeoutMs)), more);
const lookAtPolicy = () => refusal((target) => target.handler('service-account')?.list(context())[Symbol.asyncIterator]().next());

describe('what Google says', () => {
  const standing = { providerResourceId: '1', nativeArn: '', name: 'deployer', shape: { fields: { name: 'deployer', description: '' }, tags: {}, facets: {} }, facetsRead: [] };
  const wanted = { name: 'deployer', mark, document: { description: 'New' }, facets: {} };
  const described = { fields: { description: 'New' }, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
  const write = () => refusal((target) => target.handler('service-account')?.update(wanted, standing, described, context()));

  it.each<[number, string, SyncErrorCode, boolean, string?]>([
    [409, 'ALREADY_EXISTS', 'AlreadyExists', false], [404, 'NOT_FOUND', 'NotFound', false], [403, 'PERMISSION_DENIED', 'AccessDenied', false], [429, 'RESOURCE_EXHAUSTED', 'Throttled', true],
    [409, 'ABORTED', 'Conflict', true], [400, 'FAILED_PRECONDITION', 'InvalidRequest', false], [400, 'INVALID_ARGUMENT', 'InvalidRequest', false],
    [400, 'INVALID_ARGUMENT', 'DependencyNotReady', true, 'User ann@example.com does not exist.'],
    [429, 'RESOURCE_EXHAUSTED', 'LimitExceeded', false, 'Maximum number of service accounts on project reached.'], [400, 'FAILED_PRECONDITION', 'LimitExceeded', false, 'Maximum number of roles reached.'],
    [401, 'UNAUTHENTICATED', 'AuthExpired', true], [503, 'UNAVAILABLE', 'Unavailable', true], [500, 'INTERNAL', 'Unavailable', true], [504, 'DEADLINE_EXCEEDED', 'Unavailable', true],
  ])('%i %s is %s by either SDK, in its words, asked once', async (httpStatusCode, googleStatus, expected, retryable, message = 'words') => {
    answer = google(httpStatusCode, googleStatus, message);
    for (const refused of [await write(), await lookAtPolicy()]) {
      expect([refused.code, refused.retryable, refused.options.effect, refused.message]).toEqual([expected, retryable, expected === 'Unavailable' ? 'unknown' : 'none', message]);
      expect(refused.options.details).toMatchObject({ httpStatusCode, googleStatus });
    }
    expect(requests.map((request) => request.split(' ', 2).join(' '))).toEqual([expect.stringMatching(/^PATCH .*deployer@/), 'POST /v3/projects/web-shop:getIamPolicy']);
  });
});

describe('what is not Google', () => {
  it.each<[string, string, Answer]>([
    ['a bare 404', 'Unavailable', (response) => void response.writeHead(404).end()],
    ['a page of HTML', 'Internal', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')],
    ['another JSON', 'Internal', json(['other'])],
    ['half an answer', 'Internal', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"email":')],
    ['a bad gateway', 'Unavailable', (response) => void response.writeHead(502).end('<html>bad gateway')],
    ['a connection that is closed', 'NetworkError', (response) => void response.destroy()],
    ['an answer that breaks off', 'NetworkError', (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"email":', () => response.destroy())],
  ])('%s is never taken for "there is no such account"', async (_, code, how) => {
    answer = how;
    for (const error of [await look(), await lookAtPolicy()]) {
      expect([error.code, error.options.effect]).toEqual([code, 'unknown']);
      expect(JSON.stringify([error.message, error.options])).not.toContain('never-shown');
    }
  });

  it.each<[string, unknown]>([['without an etag', { version: 1 }], ['that is a list', ['other']]])('a policy %s is not Google\'s, and nothing is written in its place', async (_, policy) => {
    answer = json(policy);
    const role = { providerResourceId: 'r', nativeArn: 'r', name: 'reader', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] };
    expect((await refusal((target) => target.handler('policy')?.delete(role, context()))).code).toBe('Internal');
    expect(requests).toEqual(['POST /v3/projects/web-shop:getIamPolicy Bearer never-shown']);
  });

  it('is asked once: neither SDK retries anything', async () => {
    answer = google(503, 'UNAVAILABLE');
    expect([(await look()).code, (await lookAtPolicy()).code]).toEqual(['Unavailable', 'Unavailable']);
    expect(requests).toEqual([
      'GET /v1/projects/web-shop/serviceAccounts/deployer@web-shop.iam.gserviceaccount.com Bearer never-shown', 'POST /v3/projects/web-shop:getIamPolicy Bearer never-shown',
    ]);
  });

  it('nobody there is NetworkError, and nothing has happened', async () => {
    for (const nobody of [`http://127.0.0.1:${await freePort()}`, `http://${'x'.repeat(64)}.example`, endpoint().replace('http:', 'https:')]) {
      const error = await look({ endpoint: nobody });
      expect([nobody, error.code, error.options.effect]).toEqual([nobody, 'NetworkError', 'none']);
    }
  });

  it.each<[string, () => Promise<ProviderError>]>([
    ['IAM', () => look({}, 200)],
    ['Resource Manager', () => refusal((target) => target.validateCredentials(context(200)))],
  ])('a call of %s that takes too long ends in time, and its connection is closed', async (_, call) => {
    const closed = new Promise<void>((resolve) => {
      answer = (response) => void response.once('close', resolve);
    });
    const error = await call();
    expect([error.code, error.options.effect]).toEqual(['Timeout', 'unknown']);
    await closed;
  });

  it('is called in its turn', async () => {
    answer = json(PROJECT);
    const turns: string[] = [];
    const target = connected();
    await target.validateCredentials({ ...context(), request: (access, send, method) => (turns.push(`${access} ${method}`), send()) });
    await target.close();
    expect(turns).toEqual(['read cloudresourcemanager.projects.get']);
  });
});

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcp-client-'));
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return join(folder, name);
  };
  // For the exchange of tokens the SDK imports a package on demand, which jest does not let it; where it finds a window it takes that one's fetch.
  beforeAll(() => void Object.assign(globalThis, { window: { fetch } }));
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'window');
    rmSync(folder, { recursive: true, force: true });
  });
  const federated = (more: object = {}) => file('federated.json', {
    type: 'external_account', audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', token_url: `${endpoint()}/v1/token`, credential_source: { file: file('subject', 'subject-token') }, ...more,
  });
  const exchanging: Answer = (response, request) => {
    const expireTime = '2099-01-01T00:00:00Z';
    if (request.url?.startsWith('/v1/token')) return json({ access_token: 'federated', issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: 3600 })(response, request);
    if (request.url?.includes(':generateAccessToken')) return json({ accessToken: 'impersonated', expireTime })(response, request);
    return json(PROJECT)(response, request);
  };
  async function whoAmI(more: Partial<Connection>) {
    const target = connected(more);
    try {
      return await target.validateCredentials(context());
    } finally {
      await target.close();
    }
  }
  /** The environment is so meanwhile. */
  async function within(environment: NodeJS.ProcessEnv, run: () => Promise<void>): Promise<void> {
    const before = process.env;
    process.env = { ...before, ...environment };
    try {
      await run();
    } finally {
      process.env = before;
    }
  }
  const last = () => requests.at(-1);
  const EMAIL = 'wami@web-shop.iam.gserviceaccount.com';

  it('of a federated workload are exchanged for a token', async () => {
    answer = exchanging;
    expect((await whoAmI({ credentials: { type: 'external-account', configuration: `file:${federated()}` } })).account).toBe('web-shop');
    expect(last()).toBe('GET /v3/projects/web-shop Bearer federated');
  });

  it('of a federated workload that goes on as a service account say so', async () => {
    answer = exchanging;
    const configuration = `file:${federated({ service_account_impersonation_url: `${endpoint()}/v1/projects/-/serviceAccounts/${EMAIL}:generateAccessToken` })}`;
    expect(await whoAmI({ credentials: { type: 'external-account', configuration } })).toEqual({ account: 'web-shop', principal: EMAIL });
    expect(last()).toBe('GET /v3/projects/web-shop Bearer impersonated');
  });

  it('of the default chain are found where Google says', async () => {
    answer = exchanging;
    await within({ GOOGLE_APPLICATION_CREDENTIALS: federated() }, async () => void (await whoAmI({ credentials: { type: 'default' } })));
    expect(last()).toBe('GET /v3/projects/web-shop Bearer federated');
  });

  it('of the default chain that are nowhere are AuthExpired, and nothing is sent', async () => {
    await within({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'absent.json') }, async () => {
      const error = await look({ credentials: { type: 'default' } });
      expect([error.code, error.options.effect, requests]).toEqual(['AuthExpired', 'none', []]);
    });
  });

  it('may be those of a service account that is impersonated', async () => {
    answer = exchanging;
    expect(await whoAmI({ credentials: { type: 'impersonate', serviceAccount: EMAIL, source: BEARER } })).toEqual({ account: 'web-shop', principal: EMAIL });
    expect(requests).toEqual([`POST /v1/projects/-/serviceAccounts/${EMAIL}:generateAccessToken Bearer never-shown`, 'GET /v3/projects/web-shop Bearer impersonated']);
  });

  /** The address of Google's tokens cannot be another: what is sent there is answered here. */
  async function exchangedFor(accessToken: string, run: () => Promise<void>): Promise<URLSearchParams> {
    let sent = new URLSearchParams();
    const fetchThere = globalThis.fetch;
    const tokens: typeof fetch = async (to, init) => {
      if (!(to instanceof Request ? to.url : String(to)).startsWith('https://oauth2.googleapis.com/token')) return fetchThere(to, init);
      sent = new URLSearchParams(await new Response(init?.body ?? '').text());
      return Response.json({ access_token: accessToken, token_type: 'Bearer', expires_in: 3600 });
    };
    Object.assign(globalThis, { fetch: tokens, window: { fetch: tokens } });
    try {
      await run();
    } finally {
      Object.assign(globalThis, { fetch: fetchThere, window: { fetch: fetchThere } });
    }
    expect(last()).toBe(`GET /v3/projects/web-shop Bearer ${accessToken}`);
    return sent;
  }

  it('may be a service account\'s key, which signs for a token itself; the connection may say when it ends', async () => {
    answer = exchanging;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const key = `file:${file('key.json', { type: 'service_account', client_email: EMAIL, private_key: privateKey, private_key_id: 'k1', token_uri: `${endpoint()}/v1/token` })}`;
    const sent = await exchangedFor('signed-for', async () => {
      expect(await whoAmI({ credentials: { type: 'service-account', key, expiresAt: '2027-01-31' } })).toEqual({ account: 'web-shop', principal: EMAIL, expiresAt: '2027-01-31T00:00:00.000Z' });
    });
    expect(JSON.parse(Buffer.from(sent.get('assertion')?.split('.')[1] ?? '', 'base64url').toString('utf8'))).toMatchObject({ iss: EMAIL, scope: 'https://www.googleapis.com/auth/cloud-platform' });
  });

  it('of the default chain may be those of a person who signed in to an OAuth client', async () => {
    answer = exchanging;
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: file('person.json', { type: 'authorized_user', client_id: 'an-app', client_secret: 'its-secret', refresh_token: 'refresh-me' }) };
    const sent = await exchangedFor('refreshed', () => within(environment, async () => void (await whoAmI({ credentials: { type: 'default' } }))));
    expect(Object.fromEntries(sent)).toEqual({ client_id: 'an-app', client_secret: 'its-secret', grant_type: 'refresh_token', refresh_token: 'refresh-me' });
  });

  it('of the default chain are those of the machine where nothing else is found', async () => {
    answer = (response, request) => {
      response.setHeader('metadata-flavor', 'Google');
      const isToken = request.url?.startsWith('/computeMetadata/v1/instance/service-accounts/default/token');
      json(isToken ? { access_token: 'of-the-machine', token_type: 'Bearer', expires_in: 3600 } : PROJECT)(response, request);
    };
    await within({ HOME: folder, GCE_METADATA_HOST: endpoint().replace('http://', ''), METADATA_SERVER_DETECTION: 'assume-present' }, async () => void (await whoAmI({ credentials: { type: 'default' } })));
    expect(requests).toEqual(['GET /computeMetadata/v1/instance/service-accounts/default/token nobody', 'GET /v3/projects/web-shop Bearer of-the-machine']);
  });

  it('that cannot be exchanged are AuthExpired, and the call itself is not made', async () => {
    answer = json({ error: 'invalid_grant', error_description: 'no' }, 400);
    const error = await look({ credentials: { type: 'external-account', configuration: `file:${federated()}` } });
    expect([error.code, error.options.effect, requests.length]).toEqual(['AuthExpired', 'none', 1]);
  });

  it.each<[string, () => Connection['credentials'], string]>([
    ['are not there', () => ({ type: 'bearer', token: 'env:SPEC_ABSENT' }), 'gcp/web-shop: credentials.token: env:SPEC_ABSENT holds nothing or cannot be read'],
    ['are no JSON', () => ({ type: 'service-account', key: `file:${file('key', 'hush')}` }), 'the credentials are no JSON document of Google'],
  ])('that %s are AuthExpired, told, and nothing is sent', async (_, credentials, says) => {
    const error = await look({ credentials: credentials() });
    expect([error.code, error.message, requests]).toEqual(['AuthExpired', says, []]);
  });

  it('that were refused are read anew', async () => {
    const token = file('token', 'first');
    const target = connected({ credentials: { type: 'bearer', token: `file:${token}` } });
    answer = google(401, 'UNAUTHENTICATED');
    await expect(target.validateCredentials(context())).rejects.toMatchObject({ code: 'AuthExpired', options: { effect: 'none' } });
    file('token', 'second');
    answer = json(PROJECT);
    await target.validateCredentials(context());
    await target.close();
    expect(last()).toBe('GET /v3/projects/web-shop Bearer second');
  });

  it('that lead to another project are AuthExpired, and the message names both', async () => {
    answer = json({ ...PROJECT, projectId: 'another-shop' });
    const error = await refusal((target) => target.validateCredentials(context()));
    expect([error.code, error.message]).toEqual(['AuthExpired', 'the credentials belong to project another-shop, the connection is for Google Cloud project web-shop']);
  });
});
