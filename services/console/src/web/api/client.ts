import { problemSchema, type Problem } from '@wami/contracts';
import type { z } from 'zod';

/** An answer that says no, or none. `message` is for a person. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly problem: Problem | undefined) {
    super(problem ? problem.detail ?? problem.title : status === 0 ? 'WAMI does not answer. Is it running?' : `WAMI answered ${status}.`);
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Asked {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** Of all that was committed when it is asked, or not at all. */
  readonly strong?: boolean;
}

/** What was read, with the tag under which it may be changed as long as nobody else does. */
export interface Tagged<T> {
  readonly value: T;
  readonly etag: string;
}

export interface Written {
  readonly body?: object;
  readonly query?: Query;
  /** Refused with `VersionConflict` where it was changed since. */
  readonly etag?: string;
  /** What is asked again under the same key is done once. Left out: each time it is another request. */
  readonly key?: string;
}

export interface Client {
  get<T>(path: string, schema: z.ZodType<T>, options?: Asked): Promise<T>;
  getTagged<T>(path: string, schema: z.ZodType<T>, options?: Asked): Promise<Tagged<T>>;
  write<T>(verb: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, schema: z.ZodType<T>, written?: Written): Promise<T>;
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
  const read = (path: string, { query = {}, signal, strong = false }: Asked = {}): Promise<Response> =>
    send(path + queryText(query), { headers: strong ? { ...headers, 'wami-consistency': 'strong' } : headers, signal: signal ?? null });
  return {
    async get(path, schema, options) {
      return schema.parse(await (await read(path, options)).json());
    },
    async getTagged(path, schema, options) {
      const response = await read(path, options);
      return { value: schema.parse(await response.json()), etag: response.headers.get('etag') ?? '' };
    },
    async write(verb, path, schema, { body, query = {}, etag, key = crypto.randomUUID() } = {}) {
      const more = { ...(body ? { 'content-type': 'application/json' } : {}), ...(etag === undefined ? {} : { 'if-match': etag }) };
      const response = await send(path + queryText(query), { method: verb, headers: { ...headers, ...more, 'idempotency-key': key }, ...(body ? { body: JSON.stringify(body) } : {}) });
      return schema.parse(response.status === 204 ? undefined : await response.json());
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
