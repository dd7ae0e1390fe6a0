import type { SyncErrorCode } from '@wami/contracts';
import { ProviderError } from '@wami/provider-port';
import { isDeleteConflict, toProviderError } from './aws.errors';

interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

function sdkError({ name = 'Error', message = 'words', code, status, headers }: Told): Error {
  return Object.assign(new Error(message), {
    name,
    ...(code === undefined ? {} : { code }),
    $metadata: { httpStatusCode: status, requestId: 'req-1' },
    ...(headers === undefined ? {} : { $response: { headers } }),
  });
}

const byCode: [string, number, SyncErrorCode, 'none' | 'unknown'][] = [
  ['EntityAlreadyExistsException', 409, 'AlreadyExists', 'none'],
  ['EntityAlreadyExists', 409, 'AlreadyExists', 'none'],
  ['NoSuchEntityException', 404, 'NotFound', 'none'],
  ['AccessDenied', 403, 'AccessDenied', 'none'],
  ['AccessDeniedException', 403, 'AccessDenied', 'none'],
  ['Throttling', 400, 'Throttled', 'none'],
  ['ThrottlingException', 400, 'Throttled', 'none'],
  ['RequestLimitExceeded', 503, 'Throttled', 'none'],
  ['ConcurrentModificationException', 409, 'Conflict', 'none'],
  ['EntityTemporarilyUnmodifiableException', 409, 'Conflict', 'none'],
  ['DeleteConflictException', 409, 'Conflict', 'none'],
  ['InvalidInputException', 400, 'InvalidRequest', 'none'],
  ['ValidationError', 400, 'InvalidRequest', 'none'],
  ['MalformedPolicyDocumentException', 400, 'InvalidRequest', 'none'],
  ['LimitExceededException', 409, 'LimitExceeded', 'none'],
  ['ExpiredToken', 403, 'AuthExpired', 'none'],
  ['ExpiredTokenException', 403, 'AuthExpired', 'none'],
  ['InvalidClientTokenId', 403, 'AuthExpired', 'none'],
  ['SignatureDoesNotMatch', 403, 'AuthExpired', 'none'],
  ['ServiceFailureException', 500, 'Unavailable', 'unknown'],
  ['ServiceUnavailable', 503, 'Unavailable', 'unknown'],
  ['InvalidAction', 400, 'Unsupported', 'none'],
  ['SomethingNewException', 400, 'InvalidRequest', 'none'],
  ['SomethingNewException', 500, 'Unavailable', 'unknown'],
];

const bySocket: [string, SyncErrorCode, 'none' | 'unknown'][] = [
  ['ECONNREFUSED', 'NetworkError', 'none'],
  ['ENOTFOUND', 'NetworkError', 'none'],
  ['EAI_AGAIN', 'NetworkError', 'none'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'NetworkError', 'none'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NetworkError', 'none'],
  ['ECONNRESET', 'NetworkError', 'unknown'],
  ['EPIPE', 'NetworkError', 'unknown'],
  ['ETIMEDOUT', 'Timeout', 'unknown'],
];

describe('an error of the SDK', () => {
  it.each(byCode)('%s with status %i is %s, effect %s', (name, status, code, effect) => {
    const error = toProviderError(sdkError({ name, status }), 'CreateUser');
    expect([error.code, error.options.effect, error.message]).toEqual([code, effect, 'words']);
  });

  it.each(bySocket)('%s of the connection is %s, effect %s', (code, expected, effect) => {
    const error = toProviderError(sdkError({ name: 'TimeoutError', code }), 'CreateUser');
    expect([error.code, error.options.effect]).toEqual([expected, effect]);
  });

  it.each(['AbortError', 'TimeoutError'])('%s is Timeout, and nobody knows what happened', (name) => {
    const error = toProviderError(sdkError({ name }), 'CreateUser');
    expect([error.code, error.options.effect]).toEqual(['Timeout', 'unknown']);
  });

  it.each([404, 409, 400])('a bare %i of some proxy is Unavailable, never taken for an answer of IAM', (status) => {
    const error = toProviderError(sdkError({ name: status === 404 ? 'NotFound' : 'Unknown', status }), 'GetUser');
    expect([error.code, error.options.effect]).toEqual(['Unavailable', 'unknown']);
  });

  it('a connection that breaks in the middle of a good answer leaves the effect unknown', () => {
    const error = toProviderError(sdkError({ code: 'ECONNRESET', status: 200 }), 'CreateUser');
    expect([error.code, error.options.effect]).toEqual(['NetworkError', 'unknown']);
  });

  it('an answer that cannot be read leaves the effect unknown', () => {
    const error = toProviderError(sdkError({ message: 'XML parse error', status: 200 }), 'CreateUser');
    expect([error.code, error.options.effect]).toEqual(['Internal', 'unknown']);
  });

  it('missing credentials are AuthExpired, and nothing was sent', () => {
    const error = toProviderError(
      sdkError({ name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' }),
      'GetUser',
    );
    expect([error.code, error.options.effect, error.message]).toEqual([
      'AuthExpired',
      'none',
      'Could not load credentials from any providers',
    ]);
  });

  it('says the operation, code, status and request id, and nothing else', () => {
    const error = toProviderError(
      sdkError({ name: 'NoSuchEntityException', status: 404, headers: { authorization: 'AWS4 secret' } }),
      'GetUser',
    );
    expect(error.options).toEqual({
      effect: 'none',
      details: { operation: 'GetUser', awsCode: 'NoSuchEntity', httpStatusCode: 404, requestId: 'req-1' },
    });
  });

  it('keeps the quoted request with its token out of the message', () => {
    const message =
      "The request signature we calculated does not match. The Canonical String should have been\n'POST\nx-amz-security-token:TOKEN'";
    const error = toProviderError(sdkError({ name: 'SignatureDoesNotMatch', status: 403, message }), 'GetUser');
    expect(error.message).toBe('The request signature we calculated does not match');
  });

  it('masks access key ids', () => {
    const error = toProviderError(sdkError({ name: 'AccessDenied', status: 403, message: 'key AKIAIOSFODNN7EXAMPLE may not' }), 'GetUser');
    expect(error.message).toBe('key AKIA*** may not');
  });

  it('masks signatures and security tokens, wherever they are quoted', () => {
    const signed = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/iam/aws4_request, Signature=${'0a'.repeat(32)}`;
    const message = `Authorization=${signed} with ${'IQoJb3JpZ2luX2Vj'.repeat(20)}== by user/ann`;
    expect(toProviderError(sdkError({ name: 'IncompleteSignature', status: 400, message }), 'GetUser').message)
      .toBe('Authorization=AWS4-HMAC-SHA256 Credential=AKIA***/20261121/us-east-1/iam/aws4_request, *** with *** by user/ann');
  });

  it('passes on for how long the provider does not want to be called', () => {
    const inSeconds = toProviderError(sdkError({ name: 'Throttling', status: 400, headers: { 'retry-after': '7' } }), 'GetUser');
    expect(inSeconds.options.retryAfterMs).toBe(7000);
    const past = toProviderError(
      sdkError({ name: 'Throttling', status: 400, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }),
      'GetUser',
    );
    expect(past.options.retryAfterMs).toBe(0);
    expect(
      toProviderError(sdkError({ name: 'Throttling', headers: { 'retry-after': 'soon' } }), 'GetUser').options.retryAfterMs,
    ).toBeUndefined();
  });

  it('that is a ProviderError already stays as it is', () => {
    const error = new ProviderError('Unsupported', 'no');
    expect(toProviderError(error, 'GetUser')).toBe(error);
  });

  it('that is no error at all is Internal', () => {
    expect(toProviderError('boom', 'GetUser')).toMatchObject({ code: 'Internal', options: { effect: 'unknown' } });
  });

  it('a trust policy that names somebody who is not visible yet is not ready, not wrong', () => {
    const error = toProviderError(sdkError({ name: 'MalformedPolicyDocumentException', status: 400, message: 'Invalid principal in policy: "AWS":"arn:aws:iam::1:user/ann"' }), 'CreateRole');
    expect(error).toMatchObject({ code: 'DependencyNotReady', retryable: true, options: { effect: 'none' } });
  });

  it('an issuer that does not answer AWS is no trouble of AWS: its own resource is tried again, and the message tells what to do', () => {
    const error = toProviderError(sdkError({ name: 'OpenIdIdpCommunicationErrorException', status: 400, message: 'IAM cannot connect to the provider' }), 'CreateOpenIDConnectProvider');
    expect(error).toMatchObject({ code: 'DependencyNotReady', retryable: true, options: { effect: 'none' }, message: expect.stringMatching(/^IAM cannot connect to the provider: .*oidc\.thumbprints/) });
  });

  it('DeleteConflict is told from the conflicts that pass by waiting', () => {
    expect(isDeleteConflict(toProviderError(sdkError({ name: 'DeleteConflictException', status: 409 }), 'DeleteUser'))).toBe(true);
    expect(isDeleteConflict(toProviderError(sdkError({ name: 'ConcurrentModificationException', status: 409 }), 'DeleteUser'))).toBe(false);
  });
});
