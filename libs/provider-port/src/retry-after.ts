/** Said in seconds. A fraction is none of the standard's forms; servers send it. */
const SECONDS = /^\d+(\.\d+)?$/;
/** Its three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`, which is in GMT as well. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? [\w :-]+$/;
const ZONE = / GMT$/;

/** Reads one header of an answer; none where it is not there. */
export type HeaderOf = (name: 'retry-after' | 'date') => string | null | undefined;

/**
 * How long a server asks to wait in the header Retry-After (RFC 9110, section 10.2.3), as part of a `ProviderError`'s options; nothing where it says
 * nothing that can be read. A date is held against the time by which the server answered, where it tells that: its clock may not be ours.
 */
export function retryAfter(headerOf: HeaderOf, now = Date.now()): { readonly retryAfterMs?: number } {
  const said = headerOf('retry-after')?.trim() ?? '';
  // The longest number is no number any more.
  if (SECONDS.test(said)) return { retryAfterMs: Math.min(Math.ceil(Number(said) * 1000), Number.MAX_SAFE_INTEGER) };
  const until = dateOf(said);
  return until === undefined ? {} : { retryAfterMs: Math.max(0, until - (dateOf(headerOf('date') ?? '') ?? now)) };
}

function dateOf(said: string): number | undefined {
  const at = DATE.test(said) ? Date.parse(ZONE.test(said) ? said : `${said} GMT`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
