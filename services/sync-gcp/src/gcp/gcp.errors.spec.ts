import type { SyncErrorCode } from '@wami/contracts';
import { ProviderError } from '@wami/provider-port';
import { toProviderError, toSignInError } from './gcp.errors';

const OPERATION = 'iam.projects.serviceAccounts.get';

/** As the SDKs throw what a server answered. */
function answered(status: number, data: unknown, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`Request failed with status code ${status}`), { response: { status, data, headers: new Headers(headers) } });
}
const google = (status: number, code: string, message = 'words') => answered(status, { error: { code: status, status: code, message } });
const broken = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('inner'), { code }) });

const byStatus: [number, string, SyncErrorCode, 'none' | 'unknown'][] = [
  [409, 'ALREADY_EXISTS', 'AlreadyExists', 'none'],
  [404, 'NOT_FOUND', 'NotFound', 'none'],
  [403, 'PERMISSION_DENIED', 'AccessDenied', 'none'],
  [429, 'RESOURCE_EXHAUSTED', 'Throttled', 'none'],
  [409, 'ABORTED', 'Conflict', 'none'],
  [400, 'FAILED_PRECONDITION', 'InvalidRequest', 'none'],
  [400, 'INVALID_ARGUMENT', 'InvalidRequest', 'none'],
  [401, 'UNAUTHENTICATED', 'AuthExpired', 'none'],
  [501, 'UNIMPLEMENTED', 'Unsupported', 'none'],
  [503, 'UNAVAILABLE', 'Unavailable', 'unknown'],
  [500, 'INTERNAL', 'Unavailable', 'unknown'],
  [504, 'DEADLINE_EXCEEDED', 'Unavailable', 'unknown'],
];
const inWords: [number, string, string, SyncErrorCode][] = [
  [429, 'RESOURCE_EXHAUSTED', 'Maximum number of service accounts on project reached.', 'LimitExceeded'],
  [429, 'RESOURCE_EXHAUSTED', 'Maximum number of keys on account reached.', 'LimitExceeded'],
  [400, 'FAILED_PRECONDITION', 'Maximum number of roles reached. Maximum is: 300', 'LimitExceeded'],
  [400, 'INVALID_ARGUMENT', 'Service account a@web-shop.iam.gserviceaccount.com does not exist.', 'DependencyNotReady'],
  [400, 'INVALID_ARGUMENT', 'User ann@example.com does not exist.', 'DependencyNotReady'],
  [400, 'INVALID_ARGUMENT', 'Role projects/web-shop/roles/x is not supported for this resource.', 'NotFound'],
  [400, 'INVALID_ARGUMENT', "Role (projects/web-shop/roles/x) does not exist in the resource's hierarchy.", 'NotFound'],
];

describe('an error of Google', () => {
  it.each(byStatus)('%i %s is %s, effect %s', (status, code, expected, effect) => {
    const error = toProviderError(google(status, code), OPERATION);
    expect([error.code, error.options.effect, error.message]).toEqual([expected, effect, 'words']);
  });

  it.each(inWords)('%i %s "%s" is %s', (status, code, message, expected) => {
    expect(toProviderError(google(status, code, message), OPERATION).code).toBe(expected);
  });

  it('without a canonical code goes by its reason, else by its number', () => {
    const older = (status: number, reason: string) => toProviderError(answered(status, { error: { code: status, message: 'words', errors: [{ reason }] } }), OPERATION).code;
    expect([older(409, 'aborted'), older(409, 'alreadyExists'), older(404, 'whatever'), older(400, 'badRequest')]).toEqual(['Conflict', 'AlreadyExists', 'NotFound', 'InvalidRequest']);
    // The Directory API.
    expect([older(409, 'duplicate'), older(412, 'conditionNotMet'), older(403, 'quotaExceeded'), older(403, 'userRateLimitExceeded'), older(403, 'forbidden'), older(403, 'limitExceeded')]).toEqual(['AlreadyExists', 'Conflict', 'Throttled', 'Throttled', 'AccessDenied', 'LimitExceeded']);
    expect(toProviderError(answered(412, { error: { code: 412, message: 'Domain user limit reached.', errors: [{ reason: 'invalid' }] } }), OPERATION).code).toBe('LimitExceeded');
  });

  it("names the rule of the organisation's policy that forbids it", () => {
    const violations = [{ type: 'constraints/iam.disableServiceAccountKeyCreation', subject: 'projects/web-shop', description: 'words' }];
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo' }, { '@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations }, null];
    const { code, message, options } = toProviderError(answered(400, { error: { code: 400, status: 'FAILED_PRECONDITION', message: 'Key creation is not allowed on this service account.', details } }), OPERATION);
    expect([code, options.effect, message]).toEqual(['InvalidRequest', 'none', "Key creation is not allowed on this service account. (the organisation's policy: constraints/iam.disableServiceAccountKeyCreation)"]);
  });

  it('reads a body that is still text', () => {
    expect(toProviderError(answered(409, '{"error":{"code":409,"status":"ABORTED","message":"words"}}'), OPERATION).code).toBe('Conflict');
  });

  it.each<[number, SyncErrorCode]>([[404, 'Unavailable'], [409, 'Unavailable'], [400, 'Unavailable'], [502, 'Unavailable'], [403, 'AccessDenied'], [429, 'Throttled']])(
    'a bare %i of some proxy is %s, never taken for an answer of Google',
    (status, code) => expect(toProviderError(answered(status, '<html>'), OPERATION).code).toBe(code),
  );

  it.each<[string, SyncErrorCode, 'none' | 'unknown']>([
    ['ECONNREFUSED', 'NetworkError', 'none'], ['ENOTFOUND', 'NetworkError', 'none'], ['SELF_SIGNED_CERT_IN_CHAIN', 'NetworkError', 'none'],
    ['ECONNRESET', 'NetworkError', 'unknown'], ['UND_ERR_SOCKET', 'NetworkError', 'unknown'], ['ETIMEDOUT', 'Timeout', 'unknown'],
    ['UND_ERR_CONNECT_TIMEOUT', 'NetworkError', 'none'], ['UND_ERR_HEADERS_TIMEOUT', 'Timeout', 'unknown'], ['UND_ERR_BODY_TIMEOUT', 'Timeout', 'unknown'],
  ])('%s of the connection is %s, effect %s', (code, expected, effect) => {
    const error = toProviderError(broken(code), OPERATION);
    expect([error.code, error.options.effect]).toEqual([expected, effect]);
  });

  it('says operation and codes, and nothing secret', () => {
    const secret = `ya29.${'a0-_'.repeat(10)}`;
    const error = toProviderError(answered(401, { error: { code: 401, status: 'UNAUTHENTICATED', message: `token ${secret} and eyJhbGciOi.eyJpc3MiOi.c2ln is no good` } }, { authorization: secret }), OPERATION);
    expect([error.message, error.options]).toEqual([
      'token *** and *** is no good', { effect: 'none', details: { operation: OPERATION, httpStatusCode: 401, googleStatus: 'UNAUTHENTICATED' } },
    ]);
  });

  it('passes on for how long Google does not want to be called', () => {
    const error = toProviderError(answered(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'words' } }, { 'retry-after': '7' }), OPERATION);
    expect(error.options.retryAfterMs).toBe(7000);
  });

  it('that is a ProviderError already stays as it is', () => {
    const error = new ProviderError('Unsupported', 'no');
    expect(toProviderError(error, OPERATION)).toBe(error);
  });
});

describe('signing in', () => {
  it('that is refused is AuthExpired, with what the token endpoint says', () => {
    const error = toSignInError(answered(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }), OPERATION);
    expect([error.code, error.options.effect, error.message]).toEqual(['AuthExpired', 'none', 'signing in to Google: invalid_grant Invalid JWT Signature.']);
  });

  it.each<[string, unknown, SyncErrorCode]>([['nobody there', broken('ECONNREFUSED'), 'NetworkError'], ['an answer cut off', broken('ECONNRESET'), 'NetworkError'], ['a failing service', answered(503, ''), 'Unavailable'], ['no credentials', new Error('Could not load the default credentials.'), 'AuthExpired']])(
    '%s: nothing has happened', (_, thrown, code) => {
      const error = toSignInError(thrown, OPERATION);
      expect([error.code, error.options.effect]).toEqual([code, 'none']);
    });
});
