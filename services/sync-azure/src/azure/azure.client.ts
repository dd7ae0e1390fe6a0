import { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { PagedAsyncIterableIterator } from '@azure/core-paging';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { Client, type Context, type GraphRequest as SdkRequest } from '@microsoft/microsoft-graph-client';
import { endingWith, isProviderError, ProviderError, type CallContext } from '@wami/provider-port';
import type { AzureSettings } from './azure.config';
import { principalIn, Tokens } from './azure.credentials';
import { toProviderError } from './azure.errors';
import { batchOf, MOST_IN_BATCH, readsOf, type BatchAnswer } from './graph-batch';
import type { Place } from './place';

const GRAPH = 'https://graph.microsoft.com';
const ARM = 'https://management.azure.com';
const VERSION = 'v1.0';
/** The audience stays Microsoft's own where the endpoint is another. */
const scopeOf = (audience: string): string => `${audience}/.default`;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Access = 'read' | 'write';
/** Each call names its scope. */
const NO_SUBSCRIPTION = '';

export interface GraphCall {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface GraphRead {
  /** Below the version. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The two APIs of one tenant. One call is one request: the engine alone retries. Throws only ProviderError. */
export class AzureClient {
  /** Where roles are assigned. */
  readonly place: Place | undefined;
  private readonly tokens: Tokens;
  private readonly graphRoot: string;
  private readonly graphClient: Client;
  private readonly arm: AuthorizationManagementClient;

  constructor(settings: AzureSettings) {
    const { endpoints, place } = settings;
    this.place = place;
    this.tokens = new Tokens(settings);
    this.graphRoot = endpoints.graph ?? GRAPH;
    // A chain of one link: the SDK's own leaves the token out where a host is none of Microsoft's, and repeats what failed.
    this.graphClient = Client.initWithMiddleware({ middleware: { execute }, baseUrl: `${this.graphRoot}/`, defaultVersion: VERSION });
    const endpoint = endpoints.arm ?? ARM;
    const options = { endpoint, retryOptions: { maxRetries: 0 }, allowInsecureConnection: endpoint.startsWith('http:') };
    this.arm = new AuthorizationManagementClient({ getToken: () => Promise.resolve(null) }, NO_SUBSCRIPTION, options);
    // The SDK's own refuses to send a token without TLS, and asks for another audience where the endpoint is another.
    this.arm.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    this.arm.pipeline.addPolicy(this.armToken(), { phase: 'Sign' });
  }

  /** One request of Microsoft Graph; `path` below the version, or the whole address of a next page. `undefined` where the answer is empty. */
  async graph<T = unknown>(method: Method, path: string, { query = {}, body }: GraphCall, context: CallContext): Promise<T> {
    const local = this.localPath(path);
    const operation = operationOf(method, local);
    return this.inTurn(context, method === 'GET' ? 'read' : 'write', operation, async (signal) => (await this.send(method, local, { query, ...(body === undefined ? {} : { body }) }, signal)) as T);
  }

  /** Reads of Microsoft Graph, twenty in a request; `undefined` for what is not there. All or none: where one is refused, so is the whole. */
  async graphReads<T>(reads: readonly GraphRead[], context: CallContext): Promise<(T | undefined)[]> {
    const read: (T | undefined)[] = [];
    for (let from = 0; from < reads.length; from += MOST_IN_BATCH) {
      const some = reads.slice(from, from + MOST_IN_BATCH);
      const body = batchOf(some.map(({ path, query }) => `${path}?${Object.entries(encoded(query)).map((pair) => pair.join('=')).join('&')}`));
      read.push(...(await this.inTurn(context, 'read', 'POST /$batch', async (signal) => {
        const { responses = [] } = (await this.send('POST', '/$batch', { body }, signal)) as { readonly responses?: readonly BatchAnswer[] };
        return readsOf<T>(responses, some.map(({ path }) => operationOf('GET', path)));
      })));
    }
    return read;
  }

  /** One request of Azure Resource Manager. */
  async rbac<T>(access: Access, operation: string, call: (arm: AuthorizationManagementClient, abortSignal: AbortSignal) => Promise<T>, context: CallContext): Promise<T> {
    return this.inTurn(context, access, operation, (signal) => call(this.arm, signal));
  }

  /** All that a list of Azure Resource Manager holds, page by page. */
  async rbacPages<T>(operation: string, list: (arm: AuthorizationManagementClient, abortSignal: AbortSignal) => PagedAsyncIterableIterator<T, T[]>, context: CallContext): Promise<T[]> {
    const pages = list(this.arm, context.signal).byPage();
    const all: T[] = [];
    for (;;) {
      const { done, value } = await this.inTurn(context, 'read', operation, () => pages.next());
      if (done === true) return all;
      all.push(...(value as T[]));
    }
  }

  /** Who the token of a Graph call speaks for, where it says so. */
  async principal(context: CallContext): Promise<string | undefined> {
    return principalIn(await guarded(context.signal, 'token', () => this.tokens.token(scopeOf(GRAPH), context.signal)));
  }

  /** How Graph is told of an object in the body of a request. */
  referenceTo(id: string): string {
    return `${this.graphRoot}/${VERSION}/directoryObjects/${id}`;
  }

  private async send(method: Method, path: string, { query = {}, body }: GraphCall, signal: AbortSignal): Promise<unknown> {
    const token = await this.tokens.token(scopeOf(GRAPH), signal);
    return sent(this.graphClient.api(path).query(encoded(query)).header('Authorization', `Bearer ${token}`).option('signal', signal), method, body);
  }

  /** A next page is asked for where we are connected to and nowhere else: the token goes along. */
  private localPath(path: string): string {
    if (path.startsWith('/')) return path;
    const root = `${this.graphRoot}/${VERSION}/`;
    if (path.startsWith(root)) return path.slice(root.length - 1);
    throw new ProviderError('Internal', 'a list goes on at another address than the one that we are connected to; nothing was concluded from it', { effect: 'none' });
  }

  private armToken(): PipelinePolicy {
    return {
      name: 'wamiToken',
      sendRequest: async (request, next) => {
        request.headers.set('Authorization', `Bearer ${await this.tokens.token(scopeOf(ARM), request.abortSignal as AbortSignal)}`);
        return next(request);
      },
    };
  }

  /** The signal is asked for once it is the request's turn: the call may have run out of time by then. */
  private inTurn<T>(context: CallContext, access: Access, operation: string, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const once = async (): Promise<T> => {
      try {
        return await guarded(context.signal, operation, () => send(context.signal));
      } catch (error) {
        if (isProviderError(error) && error.code === 'AuthExpired') this.tokens.forget();
        throw error;
      }
    };
    return context.request ? context.request(access, once, operation) : once();
  }
}

/** Ids and names are each thing's own. */
function operationOf(method: Method, path: string): string {
  return `${method} ${path.split('?', 1)[0]?.replace(/\/[^/]*[\d'@][^/]*/g, '/{}').replace(/(\/federatedIdentityCredentials)\/[^/]+$/, '$1/{}') ?? ''}`;
}

async function execute(context: Context): Promise<void> {
  const { request, options = {} } = context;
  try {
    const answer = await fetch(request, { ...(options as RequestInit), redirect: 'error' });
    // Read here: of an answer that breaks off in its middle the SDK keeps no code either.
    const body = await answer.arrayBuffer();
    context.response = new Response(body.byteLength === 0 ? null : body, answer);
  } catch (error) {
    // In this form the SDK keeps what it would lose of an error otherwise: its code.
    throw { error: unreached(error) };
  }
}

function unreached(error: unknown): { readonly code: string; readonly message: string } {
  const { name = 'Error', message = '', cause } = error as { name?: string; message?: string; cause?: { code?: string; message?: string } };
  return { code: cause?.code ?? name, message: cause?.message ?? message };
}

function sent(request: SdkRequest, method: Method, body: object | undefined): Promise<unknown> {
  switch (method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(body ?? {});
    case 'PATCH':
      return request.patch(body ?? {});
    case 'DELETE':
      return request.delete();
  }
}

/** The SDK puts queries together without encoding them. */
function encoded(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([key, value]) => [key, encodeURIComponent(value)]));
}

async function guarded<T>(signal: AbortSignal, operation: string, call: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new ProviderError('Timeout', `no time was left for ${operation}`, { effect: 'none', details: { operation } });
  try {
    return await endingWith(signal, 'unknown', operation, call());
  } catch (error) {
    throw toProviderError(error, operation);
  }
}
