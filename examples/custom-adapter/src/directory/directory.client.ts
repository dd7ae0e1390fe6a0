import { ProviderError, type CallContext } from '@wami/provider-port';
import type { DirectorySettings } from './directory.config';
import { lossOf, refusalOf } from './directory.errors';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A thing as the directory answers it. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of users only: the groups that they are in. */
  readonly groups?: readonly { readonly id: string; readonly name: string }[];
}

/** The REST API of one organization. One call is one request: the engine alone retries. Throws only ProviderError. */
export class DirectoryClient {
  constructor(private readonly settings: DirectorySettings) {}

  whoAmI(context: CallContext): Promise<{ readonly organization: string; readonly principal: string }> {
    return this.send('GET', '/v1/whoami', context);
  }

  /** Below the organization: `/users/u1`. */
  call<T = undefined>(method: Method, path: string, context: CallContext, body?: unknown): Promise<T> {
    return this.send(method, `/v1/organizations/${this.settings.organization}${path}`, context, body);
  }

  /** All pages of a listing, each one request. */
  async *pages(path: string, limit: number, context: CallContext): AsyncGenerator<readonly Entry[]> {
    let cursor = '';
    do {
      const { items, next = '' } = await this.call<{ items: Entry[]; next?: string }>('GET', `${path}?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, context);
      yield items;
      cursor = next;
    } while (cursor !== '');
  }

  /** The engine says when it is the request's turn; by then the call may have run out of time. */
  private send<T>(method: Method, path: string, context: CallContext, body?: unknown): Promise<T> {
    // Without ids: what a trace groups by.
    const operation = `${method} ${path.replace(/\?.*$/, '').replace(/\/(users|groups|members)\/[^/]+/g, '/$1/{id}').replace(/^\/v1(\/organizations\/[^/]+)?/, '')}`;
    const access = method === 'GET' ? 'read' : 'write';
    const request = (): Promise<T> => this.request(method, path, operation, context.signal, body);
    return context.request ? context.request(access, request, operation) : request();
  }

  private async request<T>(method: Method, path: string, operation: string, signal: AbortSignal, body: unknown): Promise<T> {
    if (signal.aborted) throw new ProviderError('Timeout', `no time was left for ${operation}`, { effect: 'none', details: { operation } });
    const headers = { authorization: `Bearer ${this.settings.token()}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    try {
      // A redirect would carry the token elsewhere.
      const response = await fetch(this.settings.endpoint + path, { method, headers, signal, redirect: 'error', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      if (!response.ok) throw refusalOf(operation, response, jsonOf(text));
      const answer = text === '' ? undefined : jsonOf(text);
      if (text !== '' && answer === undefined) throw new ProviderError('Internal', `${operation}: the answer is no JSON`, { effect: method === 'GET' ? 'none' : 'unknown', details: { operation } });
      return answer as T;
    } catch (error) {
      throw lossOf(operation, error, signal, method === 'GET' ? 'none' : 'unknown');
    }
  }
}

/** Undefined where it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
