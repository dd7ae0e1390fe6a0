import { isProviderError, ProviderError, retryAfter, type ProviderErrorOptions } from '@wami/provider-port';
import type { SyncErrorCode } from '@wami/contracts';

/** The canonical codes of Google's APIs (google.rpc.Code), as `error.status` spells them. */
const STATUSES: Readonly<Record<string, SyncErrorCode>> = {
  ALREADY_EXISTS: 'AlreadyExists',
  NOT_FOUND: 'NotFound',
  PERMISSION_DENIED: 'AccessDenied',
  RESOURCE_EXHAUSTED: 'Throttled',
  ABORTED: 'Conflict',
  FAILED_PRECONDITION: 'InvalidRequest',
  INVALID_ARGUMENT: 'InvalidRequest',
  OUT_OF_RANGE: 'InvalidRequest',
  UNAUTHENTICATED: 'AuthExpired',
  UNIMPLEMENTED: 'Unsupported',
  UNAVAILABLE: 'Unavailable',
  INTERNAL: 'Unavailable',
  DEADLINE_EXCEEDED: 'Unavailable',
  CANCELLED: 'Unavailable',
  UNKNOWN: 'Unavailable',
  DATA_LOSS: 'Unavailable',
};
/** `error.errors[].reason` of the older form, which may stand without `error.status`. */
const REASONS: Readonly<Record<string, SyncErrorCode>> = {
  alreadyExists: 'AlreadyExists', duplicate: 'AlreadyExists', aborted: 'Conflict', conditionNotMet: 'Conflict', notFound: 'NotFound',
  rateLimitExceeded: 'Throttled', userRateLimitExceeded: 'Throttled', quotaExceeded: 'Throttled', limitExceeded: 'LimitExceeded',
};
/** Of an answer of Google's without either. */
const BY_HTTP: Readonly<Record<number, SyncErrorCode>> = { 400: 'InvalidRequest', 404: 'NotFound', 409: 'Conflict', 412: 'Conflict' };
/** Of any answer. A bare 404 or 409 is some proxy's, not Google's: taken for `NotFound` it would make everything look deleted. */
const BY_ANYBODY: Readonly<Record<number, SyncErrorCode>> = { 401: 'AuthExpired', 403: 'AccessDenied', 408: 'Timeout', 429: 'Throttled', 501: 'Unsupported' };

/** What Google tells only in words, by the code under which it stands. */
const IN_WORDS: readonly (readonly [under: RegExp, words: RegExp, code: SyncErrorCode])[] = [
  [/^$/, /\bdomain user limit\b/i, 'LimitExceeded'],
  [/EXHAUSTED|PRECONDITION/, /\bmaximum number of\b/i, 'LimitExceeded'],
  [/INVALID_ARGUMENT/, /larger than the maximum allowed/i, 'LimitExceeded'],
  [/INVALID_ARGUMENT/, /^(Service account|User|Group|Domain)\b.*\bdoes not exist/i, 'DependencyNotReady'],
  [/INVALID_ARGUMENT/, /^Role\b.*\b(does not exist|not supported for this resource)/i, 'NotFound'],
];

/** The connection was never made, so nothing can have happened. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_TLS_\w+|\w*CERT\w*|UNABLE_TO_\w+|UND_ERR_CONNECT_TIMEOUT)$/;
const BROKEN_OFF = /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_SOCKET)$/;
const OUT_OF_TIME = /^(ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|AbortError|TimeoutError|ABORT_ERR)$/;
/** After these the service may have done its work all the same. */
const UNCERTAIN: ReadonlySet<SyncErrorCode> = new Set(['Timeout', 'Unavailable', 'Internal']);

/** What of a Google API's error answer is used. */
interface Told {
  readonly http: number;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What an SDK threw, in our words: Google's code, its message without secrets, and whether the call may have taken effect. */
export function toProviderError(error: unknown, operation: string): ProviderError {
  if (isProviderError(error)) return error;
  const told = toldBy(error);
  if (told === undefined) return withoutAnswer(error, operation);
  const code = codeOf(told);
  const { http: httpStatusCode, status: googleStatus } = told;
  const details = { operation, httpStatusCode, ...(googleStatus === undefined ? {} : { googleStatus }) };
  return new ProviderError(code, speak(told.message ?? `HTTP ${told.http}`), { effect: effectOf(code), ...retryAfter((name) => answerOf(error)?.headers?.get?.(name)), details });
}

/** What went wrong while a token was fetched: the call itself was never sent. */
export function toSignInError(error: unknown, operation: string): ProviderError {
  if (isProviderError(error)) return error;
  const { code, message, options } = toProviderError(error, operation);
  const passes = code === 'NetworkError' || code === 'Timeout' || code === 'Throttled' || (code === 'Unavailable' && (toldBy(error)?.http ?? 0) >= 500);
  return new ProviderError(passes ? code : 'AuthExpired', `signing in to Google: ${message}`, { ...options, effect: 'none' });
}

/** Google refused the content of a request: had it asked for less, the rest might have gone through. */
export function isAboutContent({ code, options }: ProviderError): boolean {
  return options.effect === 'none' && options.details?.['httpStatusCode'] === 400 && ['InvalidRequest', 'NotFound', 'DependencyNotReady', 'LimitExceeded'].includes(code);
}

function codeOf({ http, status = '', reason = '', message }: Told): SyncErrorCode {
  if (message === undefined) return BY_ANYBODY[http] ?? (http >= 400 ? 'Unavailable' : 'Internal');
  const inWords = IN_WORDS.find(([under, words]) => under.test(status) && words.test(message));
  return inWords?.[2] ?? STATUSES[status] ?? REASONS[reason] ?? BY_HTTP[http] ?? BY_ANYBODY[http] ?? 'Unavailable';
}

const effectOf = (code: SyncErrorCode): ProviderErrorOptions['effect'] => (UNCERTAIN.has(code) ? 'unknown' : 'none');

function withoutAnswer(error: unknown, operation: string): ProviderError {
  const details = { operation };
  const names = namesOf(error);
  const message = speak(error instanceof Error || isTold(error) ? error.message : `${operation} failed`);
  const is = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (is(NEVER_SENT)) return new ProviderError('NetworkError', message, { effect: 'none', details });
  if (is(OUT_OF_TIME)) return new ProviderError('Timeout', message, { effect: 'unknown', details });
  if (is(BROKEN_OFF) || /premature close|socket hang up|terminated/i.test(message)) return new ProviderError('NetworkError', message, { effect: 'unknown', details });
  return new ProviderError('Internal', message, { effect: 'unknown', details });
}

/** By their parts: an error of a socket may come from another realm, where `instanceof` does not hold. */
function isTold(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}

/** Codes and names of the error and of what caused it. */
function namesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown };
  return [code, name].filter((one): one is string => typeof one === 'string').concat(namesOf(cause, depth + 1));
}

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly headers?: { get?(name: string): string | null };
}

function answerOf(error: unknown): Answer | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { response } = error as { response?: Answer };
  return typeof response?.status === 'number' && response.status >= 300 ? response : undefined;
}

function toldBy(error: unknown): Told | undefined {
  const answer = answerOf(error);
  if (answer === undefined) return undefined;
  const body = jsonOf(answer.data);
  const told = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  // A token endpoint says { error: 'invalid_grant', error_description } (RFC 6749).
  if (typeof told === 'string') return { http: answer.status, message: `${told} ${String((body as { error_description?: unknown }).error_description ?? '')}`.trim() };
  if (typeof told !== 'object' || told === null || !isTold(told)) return { http: answer.status };
  const { status, errors, details } = told as { status?: unknown; errors?: readonly { reason?: unknown }[]; details?: unknown };
  const reason = errors?.[0]?.reason;
  return { http: answer.status, message: told.message + constraintsIn(details), ...(typeof status === 'string' ? { status } : {}), ...(typeof reason === 'string' ? { reason } : {}) };
}

/** Which rules of the organisation's policy forbid it: the message says no more than that it is not allowed. */
function constraintsIn(details: unknown): string {
  const violations = partsOf<{ readonly violations?: unknown }>(details).flatMap((part) => partsOf<{ readonly type?: unknown }>(part.violations));
  const constraints = violations.flatMap(({ type }) => (typeof type === 'string' && type.startsWith('constraints/') ? [type] : []));
  return constraints.length === 0 ? '' : ` (the organisation's policy: ${constraints.join(', ')})`;
}

const partsOf = <T extends object>(list: unknown): readonly T[] => (Array.isArray(list) ? list.filter((one): one is T => typeof one === 'object' && one !== null) : []);

function jsonOf(data: unknown): unknown {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    // Not JSON: then it is nothing that Google says.
    return undefined;
  }
}

/** Access tokens, signed tokens and keys: some answers quote what they refuse. */
const OPAQUE = /\bya29\.[\w.-]+|\beyJ[\w-]+\.[\w-]+(\.[\w-]+)?|[A-Za-z0-9+=%_-]{64,}/g;

function speak(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(OPAQUE, '***').slice(0, 500) || 'Google gave no reason';
}
