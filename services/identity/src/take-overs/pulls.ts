import { Inject, Injectable } from '@nestjs/common';
import { federatedCredentialSchema, iamPathSchema, MAX_TAGS, oidcProviderSchema, resourceNameSchema, tagsPatchSchema, type Difference, type NamedKind, type OidcProvider, type RecordedEvent, type RecordedSyncDriftEvent } from '@wami/contracts';
import { sameFederated, samePolicyDocument } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { ProblemError, type Logger } from '@wami/platform';
import { Attachments } from '../attachments/attachments';
import { againWhenChanged } from '../commands/again-when-changed';
import type { CommandContext } from '../commands/command-context';
import { Memberships } from '../memberships/memberships';
import { EVENT_STORE, LOGGER } from '../ports';
import { KNOWN_KINDS } from '../resources/known-kinds';
import { ResourceCommands } from '../resources/resource-commands';

export type PulledEvent = Extract<RecordedSyncDriftEvent, { type: 'wami.sync.pulled.v1' }>;

export const PULLED = 'wami.sync.pulled.v1';

type Document = Readonly<Record<string, unknown>> & { readonly tags?: Readonly<Record<string, string>> };

const NAMES: Readonly<Record<NamedKind, string>> = { user: 'userName', group: 'groupName', role: 'roleName', policy: 'policyName', 'service-account': 'accountName', 'identity-provider': 'providerName' };

/**
 * Makes intent of what somebody changed at a target that the tenant pulls from, by the same rules as if somebody had asked for it, and only where the
 * resource still is as the engine knew it. What the rules refuse stays the target's own. Done twice it is done once.
 */
@Injectable()
export class Pulls {
  constructor(
    private readonly resources: ResourceCommands, private readonly memberships: Memberships, private readonly attachments: Attachments,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async take({ id: event, data, personal: { differences: changes = [] }, meta, tenant, source }: PulledEvent & Pick<RecordedEvent, 'id'>): Promise<void> {
    const { kind, resource } = data;
    if (!(kind in NAMES)) return;
    const context: CommandContext = { caller: { actor: source, role: 'admin', tenant }, meta: { ...meta, actor: source, causationId: event }, dryRun: false };
    const known = kind as NamedKind;
    for (const patchOf of [tagsOf, nameOf, pathOf, contentOf(data.provider), oidcOf, partsOf('inlinePolicies', samePolicy), partsOf('federation', sameTrust, isTrust)]) await this.unlessRefused(event, () => this.patch(context, known, resource, (document) => patchOf(document, changes, known)));
    for (const change of changes.filter(isRelation)) await this.unlessRefused(event, () => this.relate(context, known, resource, change));
  }

  /** @throws ProblemError where the rules refuse it */
  private async patch(context: CommandContext, kind: NamedKind, id: string, patchOf: (document: Document) => object | undefined): Promise<void> {
    await againWhenChanged(async () => {
      const events = await this.store.readStream(id);
      const document = KNOWN_KINDS[kind].document(id, events) as Document | undefined;
      const patch = document && patchOf(document);
      if (patch) await KNOWN_KINDS[kind].patch(this.resources, { ...context, ifMatch: new Set([events.at(-1)?.version ?? 0]) }, id, patch);
    });
  }

  private async relate(context: CommandContext, kind: NamedKind, id: string, { at, expected, found }: Difference): Promise<void> {
    const [facet, other = ''] = at.split('/', 2);
    const verb = found === undefined ? 'remove' : expected === undefined ? 'add' : undefined;
    if (verb === undefined) return;
    if (facet === 'groups') await this.memberships[verb](context, other, id);
    else if (facet === 'policies' && kind !== 'policy' && kind !== 'identity-provider') await this.attachments[verb](context, { kind, collection: `${kind}s`, id }, other);
  }

  private async unlessRefused(event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ProblemError && error.status < 500)) throw error;
      this.logger.info({ event, code: error.code }, 'what was changed at a target cannot become intent and stays its own');
    }
  }
}

function isRelation({ at }: Difference): boolean {
  return !at.startsWith('tags/') && !at.startsWith('fields/');
}

/** Key by key: one that no cloud with tags could hold, or that was changed here meanwhile, hinders no other. */
function tagsOf({ tags: own = {} }: Document, changes: readonly Difference[]): object | undefined {
  const fitting = changes.flatMap(({ at, expected, found = null }): [string, string | null][] => {
    const key = at.slice('tags/'.length);
    const isFree = at.startsWith('tags/') && own[key] === expected && (own[key] ?? null) !== found;
    return isFree && tagsPatchSchema.safeParse({ [key]: found }).success ? [[key, found]] : [];
  });
  const isNew = ([key, value]: readonly [string, string | null]): boolean => value !== null && !(key in own);
  const room = MAX_TAGS - Object.keys(own).length + fitting.filter(([, value]) => value === null).length;
  const tags = Object.fromEntries([...fitting.filter((tag) => !isNew(tag)), ...fitting.filter(isNew).slice(0, room)]);
  return Object.keys(tags).length === 0 ? undefined : { tags };
}

function nameOf(document: Document, changes: readonly Difference[], kind: NamedKind): object | undefined {
  const field = NAMES[kind];
  const name = changed(document[field], 'fields/name', changes);
  return name !== undefined && resourceNameSchema.safeParse(name).success ? { [field]: name } : undefined;
}

function pathOf(document: Document, changes: readonly Difference[]): object | undefined {
  const path = changed(document['path'], 'fields/path', changes);
  return path !== undefined && iamPathSchema.safeParse(path).success ? { path } : undefined;
}

/** What a policy says there: of the document that was written for that cloud, where there is one. */
function contentOf(provider: string) {
  return (own: Document, changes: readonly Difference[], kind: NamedKind): object | undefined => {
    const { expected, found } = changes.find(({ at }) => at === 'fields/document') ?? {};
    if (kind !== 'policy' || expected === undefined || found === undefined) return undefined;
    const ofCloud = (own['providerDocuments'] as Readonly<Record<string, unknown>> | undefined)?.[provider];
    const [before, after] = [documentIn(expected), documentIn(found)];
    if (after === undefined || !samePolicyDocument(ofCloud ?? own['document'], before, 'identity')) return undefined;
    return ofCloud === undefined ? { document: after } : { providerDocuments: { [provider]: after } };
  };
}

/** Whose tokens an identity provider stands for, list by list. Of a metadata document a look tells a digest alone: that stays as it is here. */
function oidcOf(document: Document, changes: readonly Difference[], kind: NamedKind): object | undefined {
  const own = document['oidc'] as OidcProvider | undefined;
  if (kind !== 'identity-provider' || !own) return undefined;
  const oidc = Object.fromEntries((['clientIds', 'thumbprints'] as const).flatMap((field): [string, unknown][] => {
    const { expected, found } = changes.find(({ at }) => at === `fields/${field}`) ?? {};
    if (found === undefined || JSON.stringify([...own[field] ?? []].sort()) !== expected) return [];
    const there = oidcProviderSchema.shape[field].safeParse(jsonIn(found));
    return there.success ? [[field, there.data]] : [];
  }));
  return Object.keys(oidc).length === 0 ? undefined : { oidc };
}

/** Inline policies, federated credentials, one by one: one that was changed here meanwhile hinders no other. */
function partsOf(field: 'inlinePolicies' | 'federation', isSame: (own: object, there: object) => boolean, fits: (there: object) => boolean = () => true) {
  return (document: Document, changes: readonly Difference[]): object | undefined => {
    const [parts, prefix] = [(document[field] ?? {}) as Readonly<Record<string, object>>, `fields/${field}/`];
    const patch = Object.fromEntries(changes.flatMap(({ at, expected, found }): [string, object | null][] => {
      const name = at.startsWith(prefix) ? at.slice(prefix.length) : undefined;
      const own = name !== undefined && Object.hasOwn(parts, name) ? parts[name] : undefined;
      const [before, after] = [documentIn(expected ?? ''), found === undefined ? null : documentIn(found)];
      return name !== undefined && own && before && after !== undefined && isSame(own, before) && (after === null || fits(after)) ? [[name, after]] : [];
    }));
    return Object.keys(patch).length === 0 ? undefined : { [field]: patch };
  };
}

const samePolicy = (own: object, there: object): boolean => samePolicyDocument(own, there, 'identity');

const isTrust = (there: object): boolean => federatedCredentialSchema.safeParse(there).success;

function sameTrust(own: object, there: object): boolean {
  const [left, right] = [federatedCredentialSchema.safeParse(own), federatedCredentialSchema.safeParse(there)];
  return left.success && right.success && sameFederated(left.data, right.data);
}

function documentIn(text: string): object | undefined {
  const document = jsonIn(text);
  return typeof document === 'object' && document !== null && !Array.isArray(document) ? document : undefined;
}

/** Undefined where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a single value is to become; undefined where it is so already, or was changed here meanwhile. */
function changed(own: unknown, at: string, changes: readonly Difference[]): string | undefined {
  const change = changes.find((one) => one.at === at);
  return change && typeof own === 'string' && own === change.expected && own !== change.found ? change.found : undefined;
}
