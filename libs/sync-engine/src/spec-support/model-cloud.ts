import { BOUNDARY, ProviderError, type Connection, type KindCapability, type Observed, type OwnershipMark, type ProviderAdapter, type ProviderTarget, type Shape } from '@wami/provider-port';
import { modelHandlers } from './model-handlers';

/** One thing in the model cloud. */
export interface Thing {
  readonly id: string;
  readonly kind: 'user' | 'group' | 'role' | 'policy' | 'service-account';
  name: string;
  path: string;
  tags: Record<string, string>;
  mark?: OwnershipMark;
  /** Ids of the groups that a user is in. */
  groups: Set<string>;
  /** Ids of the policies that are attached to it. */
  policies: Set<string>;
  /** ARN of the policy that limits it. */
  boundary?: string;
  /** Its inline policies, or its federated credentials, by name. */
  inline?: Readonly<Record<string, string>>;
  /** Reads that do not find it yet. */
  invisible: number;
}

export type Api = 'whoami' | 'get' | 'groups-of' | 'policies-of' | 'create' | 'rename' | 'tag' | 'untag' | 'add' | 'remove' | 'attach' | 'detach' | 'bound' | 'unbound' | 'get-inline' | 'put-inline' | 'drop-inline' | 'delete' | 'list';
export const WRITES: ReadonlySet<Api> = new Set(['create', 'rename', 'tag', 'untag', 'add', 'remove', 'attach', 'detach', 'bound', 'unbound', 'put-inline', 'drop-inline', 'delete']);

export interface ApiCall {
  readonly api: Api;
  readonly account: string;
  readonly name: string;
  /** Of a rename: the new name. */
  readonly to?: string;
  /** The number of this call, from 1. */
  readonly n: number;
  /** Which engine called, where there are several. */
  readonly by: string;
}

/** Who calls, and for which account. */
export type Caller = Pick<ApiCall, 'account' | 'by'>;

/** What goes wrong with a call: refused before it does anything, or carried out and its answer lost. */
export type Fault = { readonly refuse: ProviderError } | { readonly loseAnswer: true } | { readonly hang: Promise<void> };

const PAGE = 100;

const CAPABILITIES: readonly KindCapability[] = [
  { kind: 'user', supported: true, rename: true, tags: true, facets: ['groups', 'policies'], bounded: true }, { kind: 'group', supported: true, rename: true, tags: true, facets: ['policies'] },
  { kind: 'role', supported: true, rename: true, tags: true, facets: ['policies'], bounded: true }, { kind: 'policy', supported: true, rename: false, tags: true, facets: [] },
];

/** A cloud in memory with users and groups, where it `hasPolicies` with those and roles too, in the likeness of AWS IAM: names are unique per kind, ids last. Used by specs. */
export class ModelCloud {
  readonly calls: ApiCall[] = [];
  /** Names that the adapter breaks on before any call. */
  readonly unsayable = new Set<string>();
  things: Thing[] = [];
  /** Asked before each call. */
  fault: (call: ApiCall) => Fault | undefined = () => undefined;
  /** What a look finds in the stead of what is there. */
  outdated: (kind: Thing['kind'], name: string) => Thing | undefined = () => undefined;
  /** Whom it takes its callers for. */
  principal = 'test';
  /** When its credentials end, where it says so. */
  expiresAt: string | undefined;
  /** How many reads do not see a new thing. */
  invisibleReads = 0;
  /** Whether it can hold policies and roles, attach and limit. */
  hasPolicies = false;
  /** Whether users and groups can have inline policies. */
  hasInline = false;
  /** Whether there are service accounts, which can have federated credentials. */
  hasFederation = false;
  /** As moto does: a renamed user comes out without its tags and its mark. */
  renamesLoseTags = false;
  /** Awaited within each call: lets a spec hold calls in flight. */
  latency: (call: ApiCall) => Promise<void> = () => Promise.resolve();
  private ids = 0;

  adapter(by = 'engine'): ProviderAdapter {
    const groups = { kind: 'group', supported: true, rename: true, tags: true, facets: [] };
    return {
      provider: 'aws',
      capabilities: [...(this.hasPolicies ? CAPABILITIES : [{ kind: 'user', supported: true, rename: true, tags: true, facets: ['groups'] }, groups]), ...(this.hasFederation ? [{ ...groups, kind: 'service-account' }] : [])],
      connect: (connection) => this.connect(connection, by),
    };
  }

  get writes(): ApiCall[] {
    return this.calls.filter(({ api }) => WRITES.has(api));
  }

  users(): Thing[] {
    return this.things.filter(({ kind }) => kind === 'user');
  }

  named(name: string): Thing | undefined {
    return this.things.find((thing) => thing.name === name);
  }

  /** Names of the groups that a user is in. */
  groupsOf(name: string): string[] {
    const ids = this.named(name)?.groups ?? new Set();
    return this.things.filter(({ id }) => ids.has(id)).map((group) => group.name).sort();
  }

  /** User and group of each membership that one of them has part in. */
  memberships(kind: Thing['kind'], name: string): [user: Thing, group: Thing][] {
    if (kind !== 'user' && kind !== 'group') return [];
    const all = this.users().flatMap((user) => this.things.filter(({ id }) => user.groups.has(id)).map((group): [Thing, Thing] => [user, group]));
    return all.filter(([user, group]) => (kind === 'user' ? user : group).name === name);
  }

  /** Something that is there without the engine's doing. */
  plant(thing: Partial<Thing> & Pick<Thing, 'kind' | 'name'>): Thing {
    this.ids += 1;
    const planted: Thing = { id: `${thing.kind.toUpperCase()}${this.ids}`, path: '/', tags: {}, groups: new Set(), policies: new Set(), invisible: 0, ...thing };
    this.things.push(planted);
    return planted;
  }

  /** One call of the cloud's API, with whatever goes wrong. */
  async api<T>({ account, by }: Caller, api: Api, name: string, signal: AbortSignal, work: () => T, to?: string): Promise<T> {
    const call: ApiCall = { api, account, name, n: this.calls.length + 1, by, ...(to === undefined ? {} : { to }) };
    this.calls.push(call);
    await this.latency(call);
    const fault = this.fault(call);
    if (fault && 'refuse' in fault) throw fault.refuse;
    if (fault && 'hang' in fault) await fault.hang;
    if (signal.aborted) throw new ProviderError('Timeout', 'aborted', { effect: 'unknown' });
    const result = work();
    if (fault && 'loseAnswer' in fault) throw new ProviderError('NetworkError', 'the answer was lost', { effect: 'unknown' });
    return result;
  }

  see(kind: Thing['kind'], name: string): Thing | undefined {
    const thing = this.things.find((one) => one.kind === kind && one.name === name);
    if (thing === undefined || thing.invisible === 0) return thing;
    thing.invisible -= 1;
    return undefined;
  }

  /** What is there by this name for who only looks. */
  look(kind: Thing['kind'], name: string): Thing | undefined {
    return this.outdated(kind, name) ?? this.see(kind, name);
  }

  pages(kind: Thing['kind']): Thing[][] {
    const all = this.things.filter((thing) => thing.kind === kind);
    return Array.from({ length: Math.max(1, Math.ceil(all.length / PAGE)) }, (_, i) => all.slice(i * PAGE, (i + 1) * PAGE));
  }

  observed(thing: Thing, facetsRead: readonly string[]): Observed {
    const { id, kind, name, path, tags, mark, policies, boundary } = thing;
    const of = { groups: () => this.groupsOf(name), policies: () => this.things.filter((one) => policies.has(one.id)).map((policy) => policy.name).sort() };
    const shape: Shape = {
      fields: { name, ...(kind === 'user' ? { path } : {}), ...(boundary === undefined ? {} : { [BOUNDARY]: boundary }) }, tags: { ...tags },
      facets: Object.fromEntries(facetsRead.map((facet) => [facet, of[facet as keyof typeof of]()])),
    };
    return { providerResourceId: id, nativeArn: arnOf(thing), name, ...(mark ? { mark } : {}), shape, facetsRead: [...facetsRead] };
  }

  /** Who has which policy, of all that one of them has part in. */
  attachments(thing: Thing): [owner: Thing, policy: Thing][] {
    const all = this.things.flatMap((owner) => this.things.filter(({ id }) => owner.policies.has(id)).map((policy): [Thing, Thing] => [owner, policy]));
    return all.filter((ends) => ends.includes(thing));
  }

  /** Whether it limits something. */
  isLimit(policy: Thing): boolean {
    return this.things.some(({ boundary }) => boundary === arnOf(policy));
  }

  private connect({ account }: Connection, by: string): ProviderTarget {
    const handlers = modelHandlers(this, { account, by });
    return {
      account,
      validateCredentials: ({ signal }) => this.api({ account, by }, 'whoami', '', signal, () => ({ account, principal: this.principal, ...(this.expiresAt === undefined ? {} : { expiresAt: this.expiresAt }) })),
      handler: (kind) => handlers.find((handler) => handler.kind === kind),
      close: () => Promise.resolve(),
    };
  }
}

export function arnOf({ kind, path, name }: Pick<Thing, 'kind' | 'path' | 'name'>): string {
  return `arn:aws:iam::1:${kind}${path}${name}`;
}
