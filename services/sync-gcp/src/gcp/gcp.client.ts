import { AsyncLocalStorage } from 'node:async_hooks';
import type { admin_directory_v1 } from '@googleapis/admin';
import type { cloudidentity_v1 } from '@googleapis/cloudidentity';
import type { iam_v1, iam_v2 } from '@googleapis/iam';
import type { protos } from '@google-cloud/resource-manager';
import type { AuthClient } from 'google-auth-library';
import { endingWith, ProviderError, type CallContext, type CallerIdentity } from '@wami/provider-port';
import type { GcpSettings } from './gcp.config';
import { GcpCredentialSource } from './gcp.credentials';
import { toProviderError, toSignInError } from './gcp.errors';
import { answered } from './pages';
import { idOf, IN_WORDS, type Place } from './place';
import type { Nodes } from './sdks';
import type { Signer } from './sign-in';

/** For a call whose caller set no shorter limit. */
const REQUEST_TIMEOUT_MS = 60_000;
const NAMED_AT_MOST = 5;

export type Policy = protos.google.iam.v1.IPolicy;
type Access = 'read' | 'write';

interface Apis {
  readonly signer: Signer;
  readonly iam: iam_v1.Iam;
  readonly iamV2: iam_v2.Iam;
  readonly cloudidentity: cloudidentity_v1.Cloudidentity;
  readonly admin: admin_directory_v1.Admin;
  /** Where the allow policy is. */
  readonly nodes: Nodes;
  /** What the account is. */
  readonly own: Nodes;
}

/** `path`: behind the version. */
export interface V3Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What each request to @googleapis is sent with: its own end, and no retries of the SDK. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly retry: false;
  readonly timeout: number;
}

/** The APIs of one project, folder or organisation and of its directory. One call is one request: the engine alone retries. Throws only ProviderError. */
export class GcpClient {
  readonly place: Place;
  private readonly credentials: GcpCredentialSource;
  private readonly signals = new AsyncLocalStorage<AbortSignal>();
  private opened: Apis | undefined;

  constructor(private readonly settings: GcpSettings) {
    this.place = settings.place;
    this.credentials = new GcpCredentialSource(settings);
  }

  /** One request to IAM; its answer's body. `operation`: as Google's description of the API names it. */
  async iam<T>(access: Access, operation: string, context: CallContext, send: (api: iam_v1.Iam, options: SendOptions) => Promise<{ readonly data: T }>): Promise<T> {
    return this.call(access, operation, context, async (signal, { iam: api }) => (await send(api, sentWith(signal))).data);
  }

  /** One request to the second version of IAM, which deny policies are of. */
  async iamV2<T>(access: Access, operation: string, context: CallContext, send: (api: iam_v2.Iam, options: SendOptions) => Promise<{ readonly data: T }>): Promise<T> {
    return this.call(access, operation, context, async (signal, { iamV2: api }) => (await send(api, sentWith(signal))).data);
  }

  /** One request to the third version of IAM, which principal access boundaries are of. The SDK does not know it yet: it is sent by what the SDK sends by. */
  async iamV3<T>(access: Access, operation: string, context: CallContext, { method, path, query = {}, body }: V3Request): Promise<T> {
    const url = `${(this.settings.endpoints.iam ?? 'https://iam.googleapis.com').replace(/\/$/, '')}/v3/${path}${Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query).toString()}`}`;
    return this.call(access, operation, context, async (signal, { signer }) =>
      (await signer.client.request<T>({ url, method, responseType: 'json', ...sentWith(signal), ...(body === undefined ? {} : { data: body }) })).data);
  }

  /** One request to Cloud Identity. */
  async cloudidentity<T>(access: Access, operation: string, context: CallContext, send: (api: cloudidentity_v1.Cloudidentity, options: SendOptions) => Promise<{ readonly data: T }>): Promise<T> {
    return this.call(access, operation, context, async (signal, { cloudidentity: api }) => (await send(api, sentWith(signal))).data);
  }

  /** One request to the Directory API. */
  async admin<T>(access: Access, operation: string, context: CallContext, send: (api: admin_directory_v1.Admin, options: SendOptions) => Promise<{ readonly data: T }>): Promise<T> {
    return this.call(access, operation, context, async (signal, { admin: api }) => (await send(api, sentWith(signal))).data);
  }

  /** The allow policy, conditions included. */
  async getPolicy(context: CallContext): Promise<Policy> {
    const request = { resource: this.place.scope, options: { requestedPolicyVersion: 3 } };
    const policy = await this.call('read', this.about('getIamPolicy'), context, async (_, { nodes }) => (await nodes.policies.getIamPolicy(request))[0]);
    // Written without an etag a policy replaces whatever stands there.
    answered(policy.etag?.length || undefined, 'etag');
    return policy;
  }

  /** Replaces bindings as long as nobody has changed the policy since it was read; what else stands in it stays. @throws ProviderError `Conflict` where somebody has */
  setPolicy({ bindings, etag }: Policy, context: CallContext): Promise<Policy> {
    const request = { resource: this.place.scope, policy: { version: 3, bindings: (bindings ?? []).map(asItStood), etag: etag ?? null }, updateMask: { paths: ['bindings', 'etag'] } };
    return this.call('write', this.about('setIamPolicy'), context, async (_, { nodes }) => (await nodes.policies.setIamPolicy(request))[0]);
  }

  /** What the connection is for as the credentials see it, and whom they name. @throws ProviderError `AuthExpired` where it is not theirs to see, or another one */
  async whoAmI(context: CallContext): Promise<CallerIdentity> {
    const { node } = this.settings;
    const operation = this.about('get', node);
    try {
      const seen = await this.call('read', operation, context, (_, { own }) => own.read(node.scope));
      if (seen !== idOf(node.scope)) throw this.belongsTo(seen ? `${this.kind} ${seen}` : `no ${this.kind} that they name`);
    } catch (error) {
      const { code } = toProviderError(error, operation);
      if (code !== 'AccessDenied' && code !== 'NotFound') throw error;
      throw this.belongsTo(await this.visible(context));
    }
    const { principal } = await this.credentials.signer();
    const { expiresAt } = this.credentials;
    return { account: this.settings.account, principal: principal ?? 'the bearer of an access token', ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  close(): void {
    for (const { policies } of new Set([this.opened?.nodes, this.opened?.own].flatMap((nodes) => nodes ?? []))) void policies.close();
  }

  private get kind(): string {
    return IN_WORDS[this.settings.node.kind];
  }

  private about(verb: string, { kind } = this.place): string {
    return `cloudresourcemanager.${kind}.${verb}`;
  }

  private belongsTo(whose: string): ProviderError {
    return new ProviderError('AuthExpired', `the credentials belong to ${whose}, the connection is for Google Cloud ${this.kind} ${this.settings.account}`);
  }

  /** Which nodes of the kind the credentials can see: said to an operator who has named another one. */
  private async visible(context: CallContext): Promise<string> {
    const found = await this.call('read', this.about('search', this.settings.node), context, (_, { own }) => own.visible(NAMED_AT_MOST));
    return found.length === 0 ? `nobody who sees any ${this.kind}` : `somebody who sees the ${this.kind}s ${found.slice(0, NAMED_AT_MOST).join(', ')}`;
  }

  /** The signal is asked for once it is the request's turn: the call may have run out of time by then. */
  private call<T>(access: Access, operation: string, context: CallContext, send: (signal: AbortSignal, apis: Apis) => Promise<T>): Promise<T> {
    const guarded = async (): Promise<T> => {
      const { signal } = context;
      if (signal.aborted) throw new ProviderError('Timeout', `no time was left for ${operation}`, { effect: 'none', details: { operation } });
      const apis = await endingWith(signal, 'none', operation, this.apis(operation));
      try {
        return await endingWith(signal, 'unknown', operation, this.signals.run(signal, () => send(signal, apis)));
      } catch (error) {
        const failure = toProviderError(error, operation);
        if (failure.code === 'AuthExpired') this.credentials.doubt();
        throw failure;
      }
    };
    return context.request ? context.request(access, guarded, operation) : guarded();
  }

  /** Signed in: fetching a token is no part of the request, so a failure here has changed nothing. */
  private async apis(operation: string): Promise<Apis> {
    try {
      const signer = await this.credentials.signer();
      await signer.client.getRequestHeaders();
      if (this.opened?.signer !== signer) this.opened = await this.open(signer);
      return this.opened;
    } catch (error) {
      this.credentials.doubt();
      throw toSignInError(error, operation);
    }
  }

  private async open(signer: Signer): Promise<Apis> {
    const { endpoints, node, place } = this.settings;
    const { openCloudIdentity, openDirectory, openIam, openIamV2, openNodes } = await import('./sdks.js');
    const { client } = signer;
    const wire = this.wire(client, endpoints.cloudresourcemanager);
    const nodes = openNodes(place.kind, wire);
    return {
      signer, iam: openIam(client, endpoints.iam), iamV2: openIamV2(client, endpoints.iam), cloudidentity: openCloudIdentity(client, endpoints.cloudidentity),
      admin: openDirectory(client, endpoints.admin), nodes, own: place === node ? nodes : openNodes(node.kind, wire),
    };
  }

  /**
   * What the SDK for Resource Manager sends by: it gives requests neither an end nor a port of the endpoint's, nor does it keep the status of
   * what is no JSON.
   */
  private wire(client: AuthClient, endpoint: string | undefined): object {
    return {
      getRequestHeaders: () => client.getRequestHeaders(),
      fetch: async (target: string, { method, headers, body }: { method: string; headers: Headers; body?: string }): Promise<Response> => {
        const { pathname, search } = new URL(target);
        const url = endpoint === undefined ? target : `${endpoint.replace(/\/$/, '')}${pathname}${search}`;
        const signal = this.signals.getStore();
        const { data, status } = await client.request<string>({
          url, method: method as 'POST', headers, retry: false, responseType: 'text', timeout: REQUEST_TIMEOUT_MS,
          ...(body === undefined ? {} : { data: body }), ...(signal === undefined ? {} : { signal }),
        });
        return new Response(data, { status });
      },
    };
  }
}

const sentWith = (signal: AbortSignal): SendOptions => ({ signal, retry: false, timeout: REQUEST_TIMEOUT_MS });

/** The SDK reads what a condition leaves out as empty texts; sent back, they would stand in it. */
function asItStood(binding: protos.google.iam.v1.IBinding): protos.google.iam.v1.IBinding {
  const { role, members, condition } = binding;
  if (!condition) return { role, members };
  return { role, members, condition: Object.fromEntries(Object.entries(condition).filter(([, text]) => text !== '')) };
}
