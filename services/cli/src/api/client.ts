import type { Problem } from '@wami/contracts';
import { AwayError, CliError, EXIT } from '../exit-codes';
import type { Settings } from '../settings/settings';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/** Headers of a query that is answered with all that was written before it: whoever reads after a write reads that. */
export const STRONG: Readonly<Record<string, string>> = { 'wami-consistency': 'strong' };

/** Calls WAMI over HTTP. A problem answer becomes a `CliError` that says what, why and what to do. */
export class Client {
  constructor(readonly settings: Settings) {}

  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    const body = parseJson(text);
    if (!response.ok) throw toCliError(body as Problem | undefined, response.status);
    return { status: response.status, headers: response.headers, body: body as T };
  }

  /** The raw answer, for streams; not yet judged. */
  async send(method: string, path: string, { query = {}, body, headers = {}, timeoutMs = TIMEOUT_MS, signal }: CallOptions): Promise<Response> {
    const url = new URL(this.settings.address + path);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
    try {
      return await fetch(url, {
        method, signal: signal ?? AbortSignal.timeout(timeoutMs),
        headers: { authorization: `Bearer ${this.settings.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new AwayError(EXIT.failed, `WAMI at ${this.settings.address} does not answer (${reason(error)}).`, 'Is it running? Try `npm start`, or check WAMI_ADDRESS.');
    }
  }
}

/** Undefined for no text, and for text that something between us and WAMI wrote. */
function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}

const EXIT_BY_STATUS: Readonly<Record<number, number>> = {
  401: EXIT.refused, 403: EXIT.refused, 404: EXIT.notFound, 409: EXIT.conflict, 412: EXIT.conflict,
};

/** Where the server's hint speaks of HTTP. */
const HINTS: Readonly<Partial<Record<string, string>>> = {
  TenantNotEmpty: 'Add --force to delete what it holds too, here and in every cloud.',
};

export function toCliError(problem: Problem | undefined, status: number): CliError {
  const Kind = status === 429 || status >= 502 ? AwayError : CliError;
  if (problem?.code === undefined) return new Kind(EXIT.failed, `WAMI answered ${status}.`);
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail}`);
  const what = [`${problem.code}: ${problem.detail ?? problem.title}`, ...fields, `  Request ${problem.requestId}`].join('\n');
  return new Kind(EXIT_BY_STATUS[status] ?? EXIT.failed, what, HINTS[problem.code] ?? problem.hint);
}
