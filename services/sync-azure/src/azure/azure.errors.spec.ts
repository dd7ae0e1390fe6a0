import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Connection, ProviderError, ProviderTarget } from '@wami/provider-port';
import { freePort, LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '@wami/testing';
import { createAzureAdapter } from './azure.adapter';

const GROUP = { mark: { instance: 'here', tenant: 'acme', id: 'grp_1', kind: 'group' }, names: ['g'], providerResourceId: '0d380b48-63eb-4a1b-8023-a5af7aaf2f6d' };
const ROLE = '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/683ff9b9-98d1-5af6-9381-ba194e279c28';

let server: Server;
let target: ProviderTarget;
let answer: (response: ServerResponse) => void;

const portOf = (listening: Pick<Server, 'address'>): number => (listening.address() as AddressInfo).port;
const connectedTo = (endpoint: string): ProviderTarget => {
  const connection: Connection = { provider: 'azure', account: 'example.com:s', endpoint, credentials: { type: 'bearer', token: 'env:WAMI_ERRORS_TOKEN' } };
  return createAzureAdapter().connect(connection);
};

beforeAll(async () => {
  process.env['WAMI_ERRORS_TOKEN'] = 'eyJh.a-secret-token.x';
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = connectedTo(`http://127.0.0.1:${portOf(server)}`);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const says = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => (response: ServerResponse): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const error = (code: string, message = 'It says so.') => ({ error: { code, message, innerError: { 'request-id': 'r-1', date: '2026-01-01T00:00:00' } } });

async function refusal(call: Promise<unknown> | undefined): Promise<ProviderError> {
  try {
    await call;
  } catch (thrown) {
    return thrown as ProviderError;
  }
  throw new Error('the call succeeded');
}
const context = (ms = 10_000) => ({ signal: AbortSignal.timeout(ms) });
const PERSON = { providerResourceId: 'u', nativeArn: '/users/u', name: 'ann', shape: { fields: { name: 'ann', displayName: 'Ann' }, tags: {}, facets: {} }, facetsRead: [] };
const MARK = { instance: 'here', tenant: 'acme', id: 'x_1', kind: 'x' };
const NOTHING = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} };
/** A write of Graph and one of Resource Manager, of what may be absent; and each of what must be there. */
const asks = {
  Graph: () => refusal(target.handler('group')?.release?.({ providerResourceId: GROUP.providerResourceId, nativeArn: '', name: 'g', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] }, context())),
  'Graph, there': (at = target, ms?: number) => refusal(at.handler('user')?.update({ name: 'ann', mark: MARK, document: { displayName: 'Anna' }, facets: {} }, PERSON, { ...NOTHING, fields: { displayName: 'Anna' } }, context(ms))),
  'ARM, there': (at = target, ms?: number) => refusal(at.handler('policy')?.create({ name: 'r', mark: MARK, document: { providerDocuments: { azure: { actions: ['*/read'] } } }, facets: {} }, context(ms))),
  ARM: () => refusal(target.handler('policy')?.delete({ providerResourceId: 'r', nativeArn: ROLE, name: 'r', shape: { fields: {}, tags: {}, facets: {} }, facetsRead: [] }, context())),
};

describe('what Microsoft refuses', () => {
  it.each<[keyof typeof asks, number, string, string, string, boolean]>([
    ['Graph', 400, 'Request_BadRequest', 'Another object with the same value for property userPrincipalName already exists.', 'AlreadyExists', false],
    ['Graph', 400, 'Request_BadRequest', "One or more added object references already exist for the following modified properties: 'members'.", 'AlreadyExists', false],
    ['Graph', 400, 'Request_BadRequest', 'A conflicting object with one or more of the specified property values is present in the directory.', 'AlreadyExists', false],
    ['Graph', 400, 'Request_BadRequest', "Invalid value specified for property 'displayName' of resource 'Group'.", 'InvalidRequest', false],
    ['Graph', 400, 'Request_BadRequest', "The appId 'x' of the service principal does not reference a valid application object.", 'DependencyNotReady', true],
    ['Graph', 400, 'InvalidFederatedIdentityCredentialValue', 'The issuer is no address.', 'InvalidRequest', false],
    ['Graph', 400, 'InvalidFederatedIdentityCredentialValue', 'The combination of issuer and subject must be unique for the application.', 'Conflict', true],
    ['Graph', 400, 'Request_UnsupportedQuery', 'Unsupported Query.', 'Unsupported', false],
    ['Graph', 400, 'Directory_QuotaExceeded', 'The directory object quota limit has been exceeded.', 'LimitExceeded', false],
    ['Graph', 401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.', 'AuthExpired', true],
    ['Graph', 403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.', 'AccessDenied', false],
    ['Graph', 409, 'Request_MultipleObjectsWithSameKeyValue', 'It is in use.', 'Conflict', true],
    ['Graph', 409, 'SomethingNew', 'It was changed meanwhile.', 'Conflict', true],
    ['ARM', 409, 'AnotherOperationInProgress', 'Another operation is in progress.', 'Conflict', true],
    ['Graph', 429, 'TooManyRequests', 'Too many requests.', 'Throttled', true],
    ['Graph', 429, 'Request_ThrottledTemporarily', 'Your request is throttled temporarily.', 'Throttled', true],
    ['Graph', 412, 'PreconditionFailed', 'It has changed.', 'Conflict', true],
    ['Graph, there', 404, 'Request_ResourceNotFound', "Resource 'u' does not exist or one of its queried reference-property objects are not present.", 'NotFound', false],
    ['ARM, there', 404, 'RoleDefinitionDoesNotExist', 'The specified role definition does not exist.', 'NotFound', false],
    ['ARM, there', 409, 'RoleAssignmentExists', 'The role assignment already exists.', 'AlreadyExists', false],
    ['ARM, there', 400, 'RoleDefinitionHasAssignments', 'There are existing role assignments referencing role.', 'Conflict', true],
    ['ARM', 400, 'PrincipalNotFound', 'Principal x does not exist in the directory y.', 'DependencyNotReady', true],
    ['ARM', 400, 'RoleDefinitionLimitExceeded', 'Role definition limit exceeded.', 'LimitExceeded', false],
    ['ARM', 400, 'RoleAssignmentLimitExceeded', 'The limit is 4000.', 'LimitExceeded', false],
    ['ARM', 400, 'RoleAssignmentUpdateNotPermitted', 'Not allowed to be updated.', 'InvalidRequest', false],
    ['ARM', 400, 'InvalidPrincipalId', 'Not a GUID.', 'InvalidRequest', false],
    ['ARM', 401, 'ExpiredAuthenticationToken', 'The access token has expired.', 'AuthExpired', true],
    ['ARM', 403, 'AuthorizationFailed', 'If access was recently granted, please refresh your credentials.', 'AccessDenied', false],
    ['ARM', 403, 'LinkedAuthorizationFailed', 'The linked scope.', 'AccessDenied', false],
    ['ARM', 404, 'SubscriptionNotFound', 'The subscription could not be found.', 'InvalidRequest', false],
    ['ARM', 404, 'ResourceGroupNotFound', "Resource group 'web' could not be found.", 'InvalidRequest', false],
    ['ARM', 404, 'ManagementGroupNotFound', 'The management group could not be found.', 'InvalidRequest', false],
    ['ARM', 409, 'RoleDefinitionWithSameNameExists', 'A custom role with the same name already exists in this directory.', 'AlreadyExists', false],
    ['ARM', 429, 'SubscriptionRequestsThrottled', 'Number of requests exceeded. Please try again after a while.', 'Throttled', true],
  ])('%s, %i %s (%s) is %s', async (api, status, code, message, expected, retryable) => {
    answer = says(status, error(code, message));
    const refused = await asks[api]();
    expect([refused.code, refused.retryable, refused.options.effect]).toEqual([expected, retryable, 'none']);
    expect(refused.message).toBe(message);
    expect(refused.options.details).toMatchObject({ azureCode: code, httpStatusCode: status });
  });

  it.each(['Graph', 'ARM'] as const)('%s: an error of the service is Unavailable and may have taken effect, what a proxy says is never taken for an absence', async (api) => {
    for (const [status, body] of [[500, error('InternalServerError')], [503, error('ServiceUnavailable')], [502, '<html>Bad Gateway</html>'], [404, '<html>Not Found</html>']] as const) {
      answer = says(status, body, typeof body === 'string' ? { 'content-type': 'text/plain' } : {});
      const { code, options } = await asks[api]();
      expect([status, code, options.effect]).toEqual([status, 'Unavailable', 'unknown']);
    }
  });

  it.each(['Graph', 'ARM'] as const)('%s: how long to wait comes from the header, in seconds or as a date', async (api) => {
    answer = says(429, error('TooManyRequests'), { 'retry-after': '17' });
    expect((await asks[api]()).options.retryAfterMs).toBe(17_000);
    answer = says(429, error('TooManyRequests'), { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' });
    expect((await asks[api]()).options.retryAfterMs).toBe(0);
  });

  it.each(['Graph', 'ARM'] as const)('%s: one call is one request, whatever is refused', async (api) => {
    const requests: number[] = [];
    answer = (response) => {
      requests.push(1);
      says(503, error('ServiceUnavailable'), { 'retry-after': '0' })(response);
    };
    await asks[api]();
    expect(requests).toHaveLength(1);
  });

  it('keeps tokens that an answer quotes to itself', async () => {
    answer = says(400, error('Request_BadRequest', 'Bearer eyJhbGciOiJub25lIn0.eyJvaWQiOiJ4In0.c2ln is not welcome'));
    expect((await asks.Graph()).message).toBe('Bearer *** is not welcome');
  });

  it('goes nowhere else with a token: a next page at another host is refused', async () => {
    const asked: string[] = [];
    const page = says(200, { value: [], '@odata.nextLink': 'https://graph.example.org/v1.0/groups?$skiptoken=x' });
    answer = (response) => {
      asked.push('once');
      page(response);
    };
    const refused = await refusal(target.handler('group')?.observe({ mark: GROUP.mark, names: GROUP.names }, [], context()));
    expect([refused.code, refused.options.effect, asked]).toEqual(['Internal', 'none', ['once']]);
    expect(refused.message).toContain('at another address');
  });
});

describe('where Microsoft is not reached', () => {
  const both = async (endpoint: string, ms?: number): Promise<unknown[]> => {
    const at = connectedTo(endpoint);
    const refused = [await asks['Graph, there'](at, ms), await asks['ARM, there'](at, ms)];
    await at.close();
    expect(JSON.stringify(refused.map(({ message, options }) => [message, options]))).not.toContain('a-secret-token');
    return refused.map(({ code, options: { effect, details } }) => [code, effect, details?.['azureCode']]);
  };
  const twice = (expected: unknown[]): unknown[] => [expected, expected];

  it.each<[string, (response: ServerResponse) => void]>([
    ['is reset', (response) => void response.socket?.resetAndDestroy()],
    ['is closed before anything was said', (response) => void response.destroy()],
    ['is closed in the middle of an answer', (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"id":', () => response.destroy())],
  ])('a connection that %s is NetworkError, and it is not known what happened', async (_, how) => {
    answer = how;
    expect(await both(`http://127.0.0.1:${portOf(server)}`)).toEqual(twice(['NetworkError', 'unknown', expect.any(String)]));
  });

  it('who never answers is Timeout, and it is not known what happened', async () => {
    answer = () => undefined;
    expect(await both(`http://127.0.0.1:${portOf(server)}`, 200)).toEqual(twice(['Timeout', 'unknown', undefined]));
  });

  it('who is not there, has no address, or is somebody else is NetworkError, and nothing has happened', async () => {
    expect(await both(`http://127.0.0.1:${await freePort()}`)).toEqual(twice(['NetworkError', 'none', 'ECONNREFUSED']));
    // A name that is longer than any can be: it is looked up, and nobody is asked.
    expect(await both(`http://${'x'.repeat(64)}.example`)).toEqual(twice(['NetworkError', 'none', 'ENOTFOUND']));
    const stranger = createSecureServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, (_, response) => response.end());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    expect(await both(`https://127.0.0.1:${portOf(stranger)}`)).toEqual(twice(['NetworkError', 'none', 'DEPTH_ZERO_SELF_SIGNED_CERT']));
    stranger.closeAllConnections();
    await new Promise<void>((resolve) => stranger.close(() => resolve()));
    expect(await both(`https://127.0.0.1:${portOf(server)}`)).toEqual(twice(['NetworkError', 'none', expect.stringMatching(/^(ERR_SSL_WRONG_VERSION_NUMBER|EPROTO)$/)]));
  });
});
