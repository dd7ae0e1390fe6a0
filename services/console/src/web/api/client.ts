import { problemSchema, type Problem } from '@wami/contracts';
import type { z } from 'zod';

/** An answer that says no, or none. `message` is for a person. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly problem: Problem | undefined) {
    super(problem ? problem.detail ?? problem.title : status === 0 ? 'WAMI does not answer. Is it running?' : `WAMI answered ${status}.`);
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Client {
  get<T>(path: string, schema: z.ZodType<T>, options?: { readonly query?: Query; readonly signal?: AbortSignal }): Promise<T>;
  post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T>;
  /** The stream of events after a position, as it comes. */
  stream(after: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** The API as this token sees it. `refused` is told when the token is good no longer. */
export function createClient(token: string, refused: () => void): Client {
  const headers = { authorization: `Bearer ${token}` };
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit', ...init }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new ApiError(0, undefined);
    });
    if (response.ok) return response;
    if (response.status === 401) refused();
    throw new ApiError(response.status, problemSchema.safeParse(await response.json().catch(() => undefined)).data);
  };
  return {
    async get(path, schema, { query = {}, signal } = {}) {
      return schema.parse(await (await send(path + queryText(query), { headers, signal: signal ?? null })).json());
    },
    async post(path, body, schema) {
      const response = await send(path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify(body) });
      return schema.parse(await response.json());
    },
    async stream(after, signal) {
      const { body } = await send(`/v1/events${queryText({ after })}`, { headers: { ...headers, accept: 'text/event-stream' }, signal });
      if (!body) throw new ApiError(0, undefined);
      return body;
    },
  };
}

/** `?a=1&b=2` of what is given; nothing for nothing. */
export function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
