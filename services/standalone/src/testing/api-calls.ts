export interface ApiCalls {
  /** The answer's document. @throws Error with the answer where it is no success */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Makes a resource of the tenant `acme`. Its id. */
  make(kind: string, body: object): Promise<string>;
}

const TIMEOUT_MS = 30_000;

/** Speaks to a server as whoever has the token. */
export function apiCalls(url: () => string, token: string): ApiCalls {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(url() + path, { method, headers, ...sent, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  };
  return { call, make: async (kind, body) => (await call<{ id: string }>('POST', `/v1/${kind}`, { tenant: 'acme', ...body })).id };
}
