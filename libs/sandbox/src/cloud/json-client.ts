export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the body is empty. */
  readonly json: unknown;
  readonly headers: Headers;
}
export interface JsonClientOptions {
  readonly token?: string;
  readonly timeoutMs?: number;
}
export type JsonClient = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<JsonAnswer>;

/**
 * A caller of a REST API without an SDK, for tests that make things behind WAMI's back. Never retries; rejects when the connection
 * breaks or nothing came for `timeoutMs` (10 000).
 */
export function jsonClient(url: string, { token = 'sandbox', timeoutMs = 10_000 }: JsonClientOptions = {}): JsonClient {
  return async (method, path, body, headers = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, {
      method, ...sent, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }, signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) as unknown };
  };
}
