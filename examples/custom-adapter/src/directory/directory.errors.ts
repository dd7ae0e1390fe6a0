import { isProviderError, ProviderError, retryAfter } from '@wami/provider-port';

/** Told apart by status, and by the directory's own code where a status says two things. What is not here is `Internal`. */
const CODES: Readonly<Record<string, ProviderError['code']>> = {
  400: 'InvalidRequest', 401: 'AuthExpired', 403: 'AccessDenied', '404 not_found': 'NotFound', '409 name_taken': 'AlreadyExists', '409 in_use': 'Conflict',
  '422 limit_exceeded': 'LimitExceeded', 429: 'Throttled',
};
/** The request never left this machine. */
const NOT_SENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const LONGEST = 300;

/** What the directory refused. Of a server's own failure it is not known how far it came. */
export function refusalOf(operation: string, { status, headers }: Response, body: unknown): ProviderError {
  const { code = '', message = '' } = said(body);
  const details = { operation, status, ...(code === '' ? {} : { code }) };
  const text = `${operation}: ${message.slice(0, LONGEST) || `answered ${status}`}`;
  if (status >= 500) return new ProviderError('Unavailable', text, { effect: 'unknown', details });
  return new ProviderError(CODES[`${status} ${code}`] ?? CODES[status] ?? 'Internal', text, { effect: 'none', details, ...retryAfter((name) => headers.get(name)) });
}

/** Why there is no answer. A look changes nothing, whatever became of it. */
export function lossOf(operation: string, error: unknown, signal: AbortSignal, effect: 'none' | 'unknown'): ProviderError {
  if (isProviderError(error)) return error;
  if (signal.aborted) return new ProviderError('Timeout', `${operation} was not answered in time`, { effect, details: { operation } });
  const reason = (error as { cause?: { code?: unknown } }).cause?.code;
  return new ProviderError('NetworkError', `${operation}: the connection broke${typeof reason === 'string' ? ` (${reason})` : ''}`, { effect: NOT_SENT.has(reason) ? 'none' : effect, details: { operation } });
}

function said(body: unknown): { readonly code?: string; readonly message?: string } {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return { ...(typeof error?.code === 'string' ? { code: error.code } : {}), ...(typeof error?.message === 'string' ? { message: error.message } : {}) };
}
