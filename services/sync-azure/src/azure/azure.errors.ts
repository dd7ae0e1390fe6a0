import type { SyncErrorCode } from '@wami/contracts';
import { isProviderError, ProviderError, retryAfter, type ProviderErrorOptions } from '@wami/provider-port';

/** Codes of Microsoft Graph, of Azure Resource Manager and of the identity SDK, as their references and the recordings of the services name them. */
const CODES: Readonly<Record<string, SyncErrorCode>> = {
  Request_ResourceNotFound: 'NotFound',
  ResourceNotFound: 'NotFound',
  RoleAssignmentNotFound: 'NotFound',
  RoleDefinitionDoesNotExist: 'NotFound',
  PrincipalNotFound: 'DependencyNotReady',
  RoleAssignmentExists: 'AlreadyExists',
  RoleDefinitionWithSameNameExists: 'AlreadyExists',
  ObjectConflict: 'AlreadyExists',
  Authorization_RequestDenied: 'AccessDenied',
  AuthorizationFailed: 'AccessDenied',
  LinkedAuthorizationFailed: 'AccessDenied',
  InvalidAuthenticationToken: 'AuthExpired',
  ExpiredAuthenticationToken: 'AuthExpired',
  InvalidAuthenticationTokenTenant: 'AuthExpired',
  AuthenticationFailed: 'AuthExpired',
  Authentication_ExpiredToken: 'AuthExpired',
  Authentication_MissingOrMalformed: 'AuthExpired',
  TooManyRequests: 'Throttled',
  Request_ThrottledTemporarily: 'Throttled',
  SubscriptionRequestsThrottled: 'Throttled',
  ResourceRequestsThrottled: 'Throttled',
  RoleDefinitionHasAssignments: 'Conflict',
  Directory_ConcurrencyViolation: 'Conflict',
  Request_MultipleObjectsWithSameKeyValue: 'Conflict',
  RoleAssignmentLimitExceeded: 'LimitExceeded',
  RoleDefinitionLimitExceeded: 'LimitExceeded',
  Directory_QuotaExceeded: 'LimitExceeded',
  RoleAssignmentUpdateNotPermitted: 'InvalidRequest',
  InvalidPrincipalId: 'InvalidRequest',
  SubscriptionNotFound: 'InvalidRequest',
  ResourceGroupNotFound: 'InvalidRequest',
  ManagementGroupNotFound: 'InvalidRequest',
  Request_BadRequest: 'InvalidRequest',
  InvalidFederatedIdentityCredentialValue: 'InvalidRequest',
  Request_UnsupportedQuery: 'Unsupported',
  ServiceUnavailable: 'Unavailable',
  InternalServerError: 'Unavailable',
  AbortError: 'Timeout',
  TimeoutError: 'Timeout',
};
const STATUSES: Readonly<Record<number, SyncErrorCode>> = { 401: 'AuthExpired', 403: 'AccessDenied', 408: 'Timeout', 412: 'Conflict', 429: 'Throttled', 501: 'Unsupported' };

/** Thrown by the identity SDK: no request was made with the token that it did not get. */
const NO_TOKEN = /^(CredentialUnavailable|Authentication|AuthenticationRequired|AggregateAuthentication|ClientAuth|ServerError|Interaction)\w*$/;
/** The connection was never made, so nothing can have happened. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_TLS_\w+|\w*CERT\w*|UNABLE_TO_\w+|UND_ERR_CONNECT_TIMEOUT)$/;
const BROKEN_OFF = /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_SOCKET|REQUEST_SEND_ERROR|PARSE_ERROR)$/;
const OUT_OF_TIME = /^(ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/;
/** After these the service may have done its work all the same. */
const UNCERTAIN: ReadonlySet<SyncErrorCode> = new Set(['Timeout', 'Unavailable', 'Internal']);
/** Graph says so with status 400 and a code that it has for everything else. */
const TAKEN = /another object with the same value|a conflicting object with|already exist/i;

/** An application that was made just now is not known everywhere yet. */
const UNSEEN = /does not reference a valid application object/i;

/** Another federated credential of the application trusts the same: perhaps one of ours that is about to say something else. */
const SAME_TRUST = /combination of issuer and subject must be unique/i;

/** Neither has it a code of its own for this. */
const NO_PASSWORD = /no password credential found/i;

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly statusCode?: number;
  readonly requestId?: string | null;
  readonly headers?: Headers;
  readonly response?: { readonly headers?: Headers };
}
interface Headers {
  get(name: string): string | null | undefined;
}

/** What an SDK threw, in our words: the provider's code, its message without secrets, and whether the call may have taken effect. */
export function toProviderError(error: unknown, operation: string): ProviderError {
  if (isProviderError(error)) return error;
  if (!isSdkError(error)) return new ProviderError('Internal', `${operation} failed`, { effect: 'unknown', details: { operation } });
  const { code, effect } = classify(error);
  return new ProviderError(code, speak(error), { effect, ...askedToWait(error), details: detailsOf(error, operation) });
}

/** By its parts: an error of a socket may come from another realm, where `instanceof` does not hold. */
function isSdkError(error: unknown): error is SdkError {
  return typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string' && 'message' in error && typeof error.message === 'string';
}

function classify(error: SdkError): Pick<ProviderErrorOptions, 'effect'> & { readonly code: SyncErrorCode } {
  if (NO_TOKEN.test(error.name)) return { code: noToken(error), effect: 'none' };
  const said = azureCode(error);
  if (NEVER_SENT.test(said)) return { code: 'NetworkError', effect: 'none' };
  if (BROKEN_OFF.test(said)) return { code: 'NetworkError', effect: 'unknown' };
  if (OUT_OF_TIME.test(said)) return { code: 'Timeout', effect: 'unknown' };
  const code = spoken(error) ?? CODES[said] ?? byStatus(error);
  return { code, effect: UNCERTAIN.has(code) ? 'unknown' : 'none' };
}

function noToken({ message, statusCode }: SdkError): SyncErrorCode {
  if (/\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|network_error|endpoints_resolution_error)\b/.test(message)) return 'NetworkError';
  return statusCode !== undefined && (statusCode >= 500 || statusCode === 429) ? 'Unavailable' : 'AuthExpired';
}

/** What Graph says in its message alone. */
function spoken(error: SdkError): SyncErrorCode | undefined {
  if (UNSEEN.test(error.message)) return 'DependencyNotReady';
  if (azureCode(error) === 'InvalidFederatedIdentityCredentialValue' && SAME_TRUST.test(error.message)) return 'Conflict';
  if (error.statusCode !== 400 || azureCode(error) !== 'Request_BadRequest') return undefined;
  if (NO_PASSWORD.test(error.message)) return 'NotFound';
  return TAKEN.test(error.message) ? 'AlreadyExists' : undefined;
}

/** A bare 404 or 409 is some proxy's, not the service's: taken for `NotFound` it would make everything look deleted. */
function byStatus({ statusCode, code }: SdkError): SyncErrorCode {
  if (statusCode === undefined || statusCode < 400) return 'Internal';
  const named = typeof code === 'string' && code !== '';
  if (statusCode >= 500 || !named) return STATUSES[statusCode] ?? 'Unavailable';
  return STATUSES[statusCode] ?? (statusCode === 409 ? 'Conflict' : 'InvalidRequest');
}

function azureCode({ code, name }: SdkError): string {
  return typeof code === 'string' && code !== '' ? code : name;
}

/** Tokens and what else is opaque: an answer may quote the request that it refuses. */
const OPAQUE = /eyJ[\w-]+(\.[\w-]*)*|[A-Za-z0-9+/=_-]{64,}/g;

function speak(error: SdkError): string {
  return (error.message.split('\n', 1)[0] ?? '').replace(OPAQUE, '***').slice(0, 500) || azureCode(error);
}

function detailsOf(error: SdkError, operation: string): Record<string, unknown> {
  const { statusCode } = error;
  const requestId = error.requestId ?? error.response?.headers?.get('x-ms-request-id');
  return {
    operation,
    azureCode: azureCode(error),
    ...(statusCode === undefined || statusCode < 0 ? {} : { httpStatusCode: statusCode }),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  };
}

/** Where the header is missing Azure may tell the seconds in its message. */
function askedToWait(error: SdkError): { readonly retryAfterMs?: number } {
  const headers = error.headers ?? error.response?.headers;
  return retryAfter((name) => headers?.get(name) ?? (name === 'retry-after' ? /try again after '?(\d+)'? seconds/i.exec(error.message)?.[1] : undefined));
}

/** What was to be made is so already. */
export function isAlready(error: unknown): boolean {
  return isProviderError(error) && error.code === 'AlreadyExists';
}

/** Where something was given is no more, or was never there. */
const GONE: ReadonlySet<unknown> = new Set(['ResourceGroupNotFound', 'SubscriptionNotFound', 'ManagementGroupNotFound']);

/** Azure Resource Manager knows no such resource group, subscription or management group. */
export function isPlaceGone(error: unknown): boolean {
  return isProviderError(error) && GONE.has(error.options.details?.['azureCode']);
}
