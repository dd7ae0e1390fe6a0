import type { ProviderError } from './provider-error';

/** What marks a thing in a cloud as ours and says which of ours it is. */
export interface OwnershipMark {
  readonly instance: string;
  readonly tenant: string;
  readonly id: string;
  readonly kind: string;
}

/** What a handler noted before an attempt to make a thing that can carry no mark, so that it knows afterwards what the attempt made: plain JSON. */
export type Groundwork = Readonly<Record<string, unknown>>;

/** One resource as it should be at a target: the neutral document, and where it belongs. */
export interface Desired {
  readonly mark: OwnershipMark;
  /** The aggregate's document (`UserDocument`, `GroupDocument`, ...), default tags of the tenant merged in. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Name at the target, after `naming`. */
  readonly name: string;
  /** Relations that stand inside this binding: facet name -> names at the target of their other ends, all of which exist there. */
  readonly facets: Readonly<Record<string, readonly string[]>>;
  /** Where other ends stand, those of relations to take away too: facet name -> name at the target -> native ARN, as far as it is known. */
  readonly ends?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Name at the target of what it belongs to, which stands there; absent for kinds that stand alone. */
  readonly owner?: string;
  /** What the target calls that for good, where it is on record: the name may have been changed there since, or be another's. */
  readonly ownerResourceId?: string;
  /** Native ARN of the policy that limits it, which stands there. Absent: none of ours does, and what others limit it by stays. */
  readonly boundary?: string;
}

/** Field of a shape that holds `Desired.boundary`; not there where nothing limits the thing. In `Changes` an empty one takes it away. */
export const BOUNDARY = 'permissionsBoundary';

/** Field of a shape that holds `Desired.owner`. It follows the owner's name: nothing is called where it changes alone. */
export const OWNER = 'owner';

/** The part of a resource that the engine compares and stores: plain JSON, normalised, the same form for desired and observed. */
export interface Shape {
  /** Single-valued fields: native name, path, ... */
  readonly fields: Readonly<Record<string, string>>;
  /** Without the marks. */
  readonly tags: Readonly<Record<string, string>>;
  /** Relation names by facet. */
  readonly facets: Readonly<Record<string, readonly string[]>>;
}

/** A resource as it is at the target. */
export interface Observed {
  /** What the target calls it for good, survives a rename: AWS `AIDA...`. */
  readonly providerResourceId: string;
  readonly nativeArn: string;
  /** What it is addressed by in calls now. */
  readonly name: string;
  /** Absent where it carries no mark. */
  readonly mark?: OwnershipMark;
  /** It has no mark and could not get one without losing something of its own: tags of it stand where the marks would. */
  readonly obstacle?: 'tags';
  readonly shape: Shape;
  /** As it was given: by it a deletion that finds nothing under the owner's name tells gone from elsewhere. */
  readonly ownerResourceId?: string;
  /** Which facets were read; the others stand empty in `shape`. */
  readonly facetsRead: readonly string[];
}

/** How a resource is found again: by its lasting id where known, and by the names it may have. */
export interface Reference {
  readonly mark: OwnershipMark;
  readonly providerResourceId?: string;
  /** Where we last saw it: what a cloud goes by in which a name alone leads nowhere. */
  readonly nativeArn?: string;
  /** Most likely first: the name we last saw it under, the name it should have. */
  readonly names: readonly string[];
  /** Name at the target of what it belongs to, as far as it is known. */
  readonly owner?: string;
  /** As in `Desired`. What the name does not lead to stands where this does. */
  readonly ownerResourceId?: string;
  /** It is to be deleted: what is left of it counts too, where it is of no use to its owner any more. */
  readonly leaving?: true;
  /** Of an attempt whose answer was lost: what was noted before it. */
  readonly groundwork?: Groundwork;
  /** Names of inline policies to look for: those that it should have, and those that are ours and stand there or may. Absent: none. */
  readonly inlinePolicies?: readonly string[];
  /** Names of federated credentials to look for, likewise. */
  readonly federation?: readonly string[];
  /** Lasting ids of other things of the kind that belong to the same owner and are on record. */
  readonly others?: readonly string[];
}

/** What an update is to do: only what differs, computed by the engine. */
export interface Changes {
  /** New values of fields. */
  readonly fields: Readonly<Record<string, string>>;
  readonly setTags: Readonly<Record<string, string>>;
  readonly removeTags: readonly string[];
  readonly addTo: Readonly<Record<string, readonly string[]>>;
  readonly removeFrom: Readonly<Record<string, readonly string[]>>;
  /** Put the ownership marks on it (adoption). */
  readonly adopt?: boolean;
}

/** What one call may use. Every call ends within `timeoutMs`, with `Timeout` where it must. */
export interface CallContext {
  readonly signal: AbortSignal;
  /**
   * Makes one request of the provider when its turn has come; whether it was throttled is learned from what `send` throws. An adapter makes
   * every request through it where it is given. The wait is no part of the call's time. `method`: what the provider calls it, for a trace.
   */
  readonly request?: <T>(access: 'read' | 'write', send: () => Promise<T>, method?: string) => Promise<T>;
}

/** What was done, as far as it came: relations are applied one by one and the good ones count. */
export interface Applied {
  readonly observed: Observed;
  /** Single relations, inline policies (`INLINE_POLICIES`) and federated credentials (`FEDERATION`) that were refused; the rest went through. */
  readonly rejected: readonly { readonly facet: string; readonly name: string; readonly error: ProviderError }[];
  /** Inline policies and federated credentials that were to be taken away and that the provider knew none of: those that were put a moment ago it may only not know yet. */
  readonly unknown?: readonly { readonly facet: string; readonly name: string }[];
  /** Told by the provider this once. It is sealed at once to whom the document names (`sealTo`), and kept nowhere. */
  readonly secret?: string;
}

/** One kind of resource at one target. All methods throw only `ProviderError`. */
export interface ResourceHandler {
  readonly kind: string;
  /** What this kind compares: facets that `observe` can read and `update` can write. */
  readonly facets: readonly string[];
  /** The form in which desired and observed are compared. Pure. */
  shape(desired: Desired): Shape;
  /** What this cloud forbids (name syntax, lengths, tag counts), before anything is called. Pure. `InvalidRequest` or `Unsupported`, or undefined. The words of `Unsupported` name no resource: the many that are Skipped for it are counted by them. */
  check(desired: Desired): ProviderError | undefined;
  /** Never changes the cloud. Undefined where nothing stands there under any of the names. Finds a thing of the name even without our mark. */
  observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined>;
  /**
   * Present: a thing of this kind has no name of its own and is made with a secret that is told once. Called before each `create`; what
   * it notes, nothing where the thing itself says which of ours it is, is on disk before that is called. After an attempt whose answer was lost, `observe` is
   * given the note and finds what the attempt made, which is deleted, since nobody has its secret; then it is made anew. One that was there and is gone is
   * never made again. Where its owner has one alone, `create` is `AlreadyExists` while there is one, and `observe` finds what others made, without a mark.
   * Changes nothing.
   */
  prepare?(desired: Desired, context: CallContext): Promise<Groundwork>;
  /** Makes it, marked, with its relations. `AlreadyExists` where the name is taken (by whomever). A repeat after success is `AlreadyExists` too. */
  create(desired: Desired, context: CallContext): Promise<Applied>;
  /** Applies just `changes` to the resource that `observed` describes. Safe to repeat. */
  update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied>;
  /** Removes it and, before, all that stands in its way. Success where it is absent. */
  delete(observed: Observed, context: CallContext): Promise<void>;
  /** Takes our mark off and leaves all else as it is. Success where it is absent, and where the mark is off already. Absent: nothing of this kind carries one that can be taken off. */
  release?(observed: Observed, context: CallContext): Promise<void>;
  /**
   * It was deleted here and is not there, or was deleted without its mark: what was made beside it and is of no use without it goes too, found by the mark alone. Success where
   * nothing is left. Absent: nothing ever stands beside it that its deletion, begun once more, would not find.
   */
  clear?(mark: OwnershipMark, context: CallContext): Promise<void>;
  /** Everything of this kind at the target, page by page, facets, inline policies and federated credentials included, in as few calls as the provider has. */
  list(context: CallContext): AsyncIterable<readonly Observed[]>;
}

export interface KindCapability {
  readonly kind: string;
  readonly supported: boolean;
  /** Where not supported: why, for an operator. */
  readonly reason?: string;
  readonly rename: boolean;
  readonly tags: boolean;
  readonly facets: readonly string[];
  /** Not supported by this connection; one that says more may support it. */
  readonly byConnection?: true;
  /** It can be limited: `Desired.boundary` stands from the first moment on, and nothing is added while it is refused. */
  readonly bounded?: true;
}

/** Who the provider says we are. */
export interface CallerIdentity {
  readonly account: string;
  readonly principal: string;
  /** RFC 3339: when the credentials end and do not renew themselves; absent where that is not known. */
  readonly expiresAt?: string;
}

/** One account of one provider, ready to be called. */
export interface ProviderTarget {
  readonly account: string;
  /** What it can hold, kind by kind, where its connection makes that something else than what the adapter declares. */
  readonly capabilities?: readonly KindCapability[];
  /** @throws ProviderError `AuthExpired` where the credentials are rejected or belong to another account than `account`; the message names both. */
  validateCredentials(context: CallContext): Promise<CallerIdentity>;
  handler(kind: string): ResourceHandler | undefined;
  /** Releases sockets. */
  close(): Promise<void>;
}

/** One provider. What it cannot hold is said in `capabilities`, or in those of a target, never dropped silently. */
export interface ProviderAdapter {
  readonly provider: string;
  readonly capabilities: readonly KindCapability[];
  /** Opens a target; calls nothing. @throws ProviderError `InvalidRequest` where the connection's settings make no sense. */
  connect(connection: Connection): ProviderTarget;
}

/** One entry of the connections file, checked; secrets are references until `connect` resolves them. */
export interface Connection {
  readonly provider: string;
  readonly account: string;
  readonly endpoint?: string;
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, unknown>> & { readonly type: string };
  /** Tenant paths, `acme/*` for all below; absent: everyone. */
  readonly tenants?: readonly string[];
  readonly limits?: { readonly requestsPerSecond?: number; readonly concurrency?: number };
  readonly naming?: string;
  readonly mode?: 'observe' | 'write';
  /** Where what is attached is given, where the account does not say it. Google Cloud: an organisation or a folder; Azure: a subscription, a resource group or a management group. */
  readonly scope?: string;
  /** Google Cloud: the directory that users and groups stand in. */
  readonly directory?: { readonly customer: string; readonly domain: string };
  /** Google Cloud: policies that deny are held too, for which the credentials need a role of the organisation. */
  readonly denyPolicies?: boolean;
  /** Google Cloud: the organisation that principal access boundaries are held in (`organizations:456`), for which the credentials need a role of it. */
  readonly accessBoundaries?: string;
}

