import { KEY_OWNER_KINDS, type RecordedAttachmentEvent, type RecordedEvent, type RecordedMembershipEvent } from '@wami/contracts';
import { accessKeyDecider, groupDecider, identityProviderDecider, loginProfileDecider, mfaDeviceDecider, policyDecider, roleDecider, serviceAccountDecider, userDecider, type IdentityProviderDocument } from '@wami/domain';

export type Document = Readonly<Record<string, unknown>>;

/** A resource's own state: its document while it lives; after its deletion the last one stays, to know what to take away. */
export interface ResourceState {
  readonly document: Document | null;
  readonly deleted: boolean;
}

/** All that the engine knows of one kind of resource. */
export interface Kind {
  readonly kind: string;
  /** Never throws. */
  evolve(state: ResourceState, event: RecordedEvent): ResourceState;
  /** Name that people gave it; '' where nobody does. */
  nameOf(document: Document): string;
  /** Where it is known by an address that is the same everywhere: no template of names applies. */
  readonly addressOf?: (document: Document) => string | undefined;
  /** What it belongs to and is nothing without; absent: nothing. Such a one is called by its id. */
  readonly belongsTo?: (document: Document) => { readonly id: string; readonly kind: string };
  /** What it belongs to has one of it at a time: another begins once the one before is gone. */
  readonly single?: true;
  /** Fields of the document that are about a person and that nobody needs to delete the resource. */
  readonly personal?: readonly string[];
  /** Relations that are part of this kind's bindings, and the kind of their other ends. */
  readonly facets: Readonly<Record<string, { readonly of: string }>>;
}

/** A change of one relation. */
export interface RelationChange {
  readonly owner: string;
  readonly ownerKind: string;
  readonly facet: string;
  readonly other: string;
  readonly present: boolean;
}

type Status<D> = { readonly status: 'none' | 'deleted' | 'erased' } | { readonly status: 'active'; readonly document: D };

function folded<D, E>(evolve: (state: Status<D>, event: E) => Status<D>): Kind['evolve'] {
  return ({ document, deleted }, event) => {
    const before: Status<D> = deleted ? { status: 'deleted' } : document === null ? { status: 'none' } : { status: 'active', document: document as D };
    const after = evolve(before, event as E);
    return after.status === 'active' ? { document: after.document as Document, deleted: false } : { document, deleted: after.status === 'deleted' };
  };
}

/** The one place that names kinds: a new kind is one entry here, beside its decider and its handlers. */
export const KINDS: readonly Kind[] = [
  {
    kind: 'user', evolve: folded(userDecider.evolve), facets: { groups: { of: 'group' }, policies: { of: 'policy' } },
    nameOf: ({ userName }) => String(userName), personal: ['displayName', 'email', 'inlinePolicies'],
  },
  { kind: 'group', evolve: folded(groupDecider.evolve), facets: { policies: { of: 'policy' } }, nameOf: ({ groupName }) => String(groupName) },
  { kind: 'role', evolve: folded(roleDecider.evolve), facets: { policies: { of: 'policy' } }, nameOf: ({ roleName }) => String(roleName) },
  { kind: 'policy', evolve: folded(policyDecider.evolve), facets: {}, nameOf: ({ policyName }) => String(policyName) },
  {
    kind: 'service-account', evolve: folded(serviceAccountDecider.evolve), facets: { policies: { of: 'policy' } },
    nameOf: ({ accountName }) => String(accountName),
  },
  {
    kind: 'access-key', evolve: folded(accessKeyDecider.evolve), facets: {}, nameOf: () => '',
    belongsTo: ({ ownerId, ownerKind }) => ({ id: String(ownerId), kind: String(ownerKind) }),
  },
  {
    kind: 'login-profile', evolve: folded(loginProfileDecider.evolve), facets: {}, nameOf: () => '', single: true,
    belongsTo: ({ ownerId, ownerKind }) => ({ id: String(ownerId), kind: String(ownerKind) }),
  },
  {
    kind: 'mfa-device', evolve: folded(mfaDeviceDecider.evolve), facets: {}, nameOf: () => '',
    belongsTo: ({ ownerId, ownerKind }) => ({ id: String(ownerId), kind: String(ownerKind) }),
  },
  {
    kind: 'identity-provider', evolve: folded(identityProviderDecider.evolve), facets: {},
    nameOf: ({ providerName }) => String(providerName), addressOf: ({ oidc }) => (oidc as IdentityProviderDocument['oidc'])?.url,
  },
];

const byName = new Map(KINDS.map((kind) => [kind.kind, kind]));

/** `Kind.personal` of every kind. */
export const PERSONAL_FIELDS: readonly string[] = KINDS.flatMap(({ personal }) => personal ?? []);

/** @throws RangeError for a kind that no entry names; such a one is never stored. */
export function kindNamed(name: string): Kind {
  const kind = byName.get(name);
  if (!kind) throw new RangeError(`no such kind: ${name}`);
  return kind;
}

/** The kind whose own event this is: `wami.<kind>.<...>`. */
export function kindOfEvent({ type }: Pick<RecordedEvent, 'type'>): Kind | undefined {
  return byName.get(type.split('.')[1] ?? '');
}

/** Facets in which a kind's resources are the other end. */
export function isOtherEnd(kind: string): boolean {
  return KINDS.some(({ facets }) => Object.values(facets).some(({ of }) => of === kind));
}

/** Kinds that something belongs to. */
export function isOwner(kind: string): boolean {
  return (KEY_OWNER_KINDS as readonly string[]).includes(kind);
}

/** What an event says of a relation, if it is about one. */
export function relationChange(event: Pick<RecordedEvent, 'type' | 'data'>): RelationChange | undefined {
  const { type, data } = event as RecordedMembershipEvent | RecordedAttachmentEvent;
  switch (type) {
    case 'wami.membership.added.v1': return { owner: data.userId, ownerKind: 'user', facet: 'groups', other: data.groupId, present: true };
    case 'wami.membership.removed.v1': return { owner: data.userId, ownerKind: 'user', facet: 'groups', other: data.groupId, present: false };
    case 'wami.attachment.added.v1': return { owner: data.ownerId, ownerKind: data.ownerKind, facet: 'policies', other: data.policyId, present: true };
    case 'wami.attachment.removed.v1': return { owner: data.ownerId, ownerKind: data.ownerKind, facet: 'policies', other: data.policyId, present: false };
    default: return undefined;
  }
}
