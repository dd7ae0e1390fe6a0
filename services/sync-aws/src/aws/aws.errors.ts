import { isProviderError, ProviderError, retryAfter, type ProviderErrorOptions } from '@wami/provider-port';
import type { SyncErrorCode } from '@wami/contracts';

/** Codes as the IAM and STS references and botocore's model name them, without the SDK's suffix `Exception`. */
const CODES: Readonly<Record<string, SyncErrorCode>> = {
  EntityAlreadyExists: 'AlreadyExists',
  NoSuchEntity: 'NotFound',
  AccessDenied: 'AccessDenied',
  UnauthorizedOperation: 'AccessDenied',
  OptInRequired: 'AccessDenied',
  Throttling: 'Throttled',
  Throttled: 'Throttled',
  ThrottledRequest: 'Throttled',
  RequestThrottled: 'Throttled',
  RequestLimitExceeded: 'Throttled',
  TooManyRequests: 'Throttled',
  SlowDown: 'Throttled',
  PriorRequestNotComplete: 'Throttled',
  ConcurrentModification: 'Conflict',
  EntityTemporarilyUnmodifiable: 'Conflict',
  DeleteConflict: 'Conflict',
  InvalidInput: 'InvalidRequest',
  ValidationError: 'InvalidRequest',
  MalformedPolicyDocument: 'InvalidRequest',
  UnmodifiableEntity: 'InvalidRequest',
  InvalidParameterValue: 'InvalidRequest',
  MissingParameter: 'InvalidRequest',
  MalformedQueryString: 'InvalidRequest',
  // AWS is well: one issuer's address did not answer it.
  OpenIdIdpCommunicationError: 'DependencyNotReady',
  LimitExceeded: 'LimitExceeded',
  ExpiredToken: 'AuthExpired',
  InvalidClientTokenId: 'AuthExpired',
  SignatureDoesNotMatch: 'AuthExpired',
  MissingAuthenticationToken: 'AuthExpired',
  UnrecognizedClient: 'AuthExpired',
  IncompleteSignature: 'AuthExpired',
  RequestExpired: 'AuthExpired',
  NotAuthorized: 'AccessDenied',
  CredentialsProviderError: 'AuthExpired',
  TokenProviderError: 'AuthExpired',
  ServiceFailure: 'Unavailable',
  ServiceUnavailable: 'Unavailable',
  InternalFailure: 'Unavailable',
  InternalError: 'Unavailable',
  InvalidAction: 'Unsupported',
  NotImplemented: 'Unsupported',
  UnknownOperation: 'Unsupported',
  AbortError: 'Timeout',
  TimeoutError: 'Timeout',
  RequestTimeout: 'Timeout',
};

const STATUSES: Readonly<Record<number, SyncErrorCode>> = {
  401: 'AuthExpired',
  403: 'AccessDenied',
  408: 'Timeout',
  429: 'Throttled',
  501: 'Unsupported',
};
/** What the SDK calls an answer without an error code of AWS. */
const NO_AWS_CODE = new Set(['Error', 'Unknown', 'UnknownError', 'NotFound', 'SyntaxError', 'TypeError']);

/** The connection was never made, so nothing can have happened. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;
const BROKEN_OFF = /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/;
/** After these the service may have done its work all the same. */
const UNCERTAIN: ReadonlySet<SyncErrorCode> = new Set(['Timeout', 'Unavailable', 'Internal']);

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** What the SDK threw, in our words: the provider's code, its message without secrets, and whether the call may have taken effect. */
export function toProviderError(error: unknown, operation: string): ProviderError {
  if (isProviderError(error)) return error;
  if (!isSdkError(error)) return new ProviderError('Internal', `${operation} failed`, { effect: 'unknown', details: { operation } });
  const { code, effect } = classify(error);
  return new ProviderError(code, speak(error), { effect, ...retryAfter((name) => error.$response?.headers?.[name]), details: detailsOf(error, operation) });
}

/** By its parts: an error of a socket may come from another realm, where `instanceof` does not hold. */
function isSdkError(error: unknown): error is SdkError {
  return (
    typeof error === 'object'
    && error !== null
    && 'name' in error
    && typeof error.name === 'string'
    && 'message' in error
    && typeof error.message === 'string'
  );
}

function classify(error: SdkError): Pick<ProviderErrorOptions, 'effect'> & { readonly code: SyncErrorCode } {
  const socket = typeof error.code === 'string' ? error.code : '';
  if (NEVER_SENT.test(socket)) return { code: 'NetworkError', effect: 'none' };
  if (BROKEN_OFF.test(socket)) return { code: 'NetworkError', effect: 'unknown' };
  if (socket === 'ETIMEDOUT') return { code: 'Timeout', effect: 'unknown' };
  const code = namesUnseen(error) ? 'DependencyNotReady' : CODES[awsCode(error)] ?? byStatus(error);
  return { code, effect: UNCERTAIN.has(code) ? 'unknown' : 'none' };
}

/** Whom a trust policy names may only not be visible everywhere yet. */
function namesUnseen(error: SdkError): boolean {
  return awsCode(error) === 'MalformedPolicyDocument' && /invalid principal/i.test(error.message);
}

/** A bare 404 or 409 is some proxy's, not IAM's: taken for `NotFound` it would make everything look deleted. */
function byStatus(error: SdkError): SyncErrorCode {
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined || status < 400) return 'Internal';
  return STATUSES[status] ?? (status >= 500 || NO_AWS_CODE.has(error.name) ? 'Unavailable' : 'InvalidRequest');
}

/** `EntityAlreadyExistsException` and `EntityAlreadyExists` are one: the SDK adds the suffix to what it has modelled. */
function awsCode(error: SdkError): string {
  return error.name.replace(/Exception$/, '');
}

/** Security tokens and signatures: some answers quote the request that they refuse. */
const OPAQUE = /[A-Za-z0-9+/=%]{64,}/g;

/** What to do about it, where AWS's words do not tell. IAM asks an issuer for its certificate where no thumbprint of one is stated (CreateOpenIDConnectProvider, API reference). */
const ADVICE: Readonly<Record<string, string>> = {
  OpenIdIdpCommunicationError: 'the issuer must answer AWS at its address, or state `oidc.thumbprints`: then AWS does not ask it',
};

/** Key ids and what is opaque are masked. Where a signature is wrong the first sentence alone: the rest quotes the signed request with its security token. */
function speak(error: SdkError): string {
  const line = (error.message.split('\n', 1)[0] ?? '').replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1***').replace(OPAQUE, '***').slice(0, 500);
  const sentence = awsCode(error) === 'SignatureDoesNotMatch' ? line.split('. ', 1)[0] : line;
  const said = sentence || awsCode(error);
  const advice = ADVICE[awsCode(error)];
  return advice === undefined ? said : `${said}: ${advice}`;
}

function detailsOf(error: SdkError, operation: string): Record<string, unknown> {
  const { httpStatusCode, requestId } = error.$metadata ?? {};
  return {
    operation,
    awsCode: awsCode(error),
    ...(httpStatusCode === undefined ? {} : { httpStatusCode }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** IAM's one Conflict that does not pass by waiting: something else has to be deleted first. */
export function isDeleteConflict(error: unknown): boolean {
  return isProviderError(error) && error.options.details?.['awsCode'] === 'DeleteConflict';
}
