import {
  ACCESS_KEY_EVENTS, GROUP_EVENTS, IDENTITY_PROVIDER_EVENTS, LOGIN_PROFILE_EVENTS, MFA_DEVICE_EVENTS, POLICY_EVENTS, ROLE_EVENTS, SERVICE_ACCOUNT_EVENTS, USER_EVENTS, type RecordedAccessKeyEvent, type RecordedGroupEvent, type RecordedIdentityProviderEvent, type RecordedLoginProfileEvent, type RecordedMfaDeviceEvent, type RecordedPolicyEvent, type RecordedRoleEvent,
  type RecordedServiceAccountEvent, type RecordedUserEvent, type ResourceKind,
} from '@wami/contracts';
import {
  accessKeyDecider, groupDecider, identityProviderDecider, loginProfileDecider, mfaDeviceDecider, policyDecider, roleDecider, serviceAccountDecider, userDecider, type AccessKey, type AccessKeyDocument, type Group, type GroupDocument, type IdentityProvider, type IdentityProviderDocument, type LoginProfile, type LoginProfileDocument, type MfaDevice, type MfaDeviceDocument, type PolicyDocumentState, type PolicyState,
  type Role, type RoleDocument, type ServiceAccount, type ServiceAccountDocument, type User, type UserDocument,
} from '@wami/domain';

/** A resource's document with what lists show of every kind. */
export interface ListedDocument {
  readonly name: string;
  readonly path: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly document: object | null;
}

interface KindOfResource {
  readonly types: readonly string[];
  /** The document after the event; null where the resource is gone. `before`: the document, null once it is gone. */
  evolve(before: object | null | undefined, event: unknown): object | null;
  listed(document: object): Omit<ListedDocument, 'document'>;
}

const user: KindOfResource = {
  types: USER_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(userDecider.evolve(stateOf<User, UserDocument>(before), event as RecordedUserEvent)),
  listed: (document) => {
    const { userName, path, tags } = document as UserDocument;
    return { name: userName, path, tags };
  },
};

const group: KindOfResource = {
  types: GROUP_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(groupDecider.evolve(stateOf<Group, GroupDocument>(before), event as RecordedGroupEvent)),
  listed: (document) => {
    const { groupName, tags } = document as GroupDocument;
    return { name: groupName, path: null, tags };
  },
};

const role: KindOfResource = {
  types: ROLE_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(roleDecider.evolve(stateOf<Role, RoleDocument>(before), event as RecordedRoleEvent)),
  listed: (document) => {
    const { roleName, path, tags } = document as RoleDocument;
    return { name: roleName, path, tags };
  },
};

const policy: KindOfResource = {
  types: POLICY_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(policyDecider.evolve(stateOf<PolicyState, PolicyDocumentState>(before), event as RecordedPolicyEvent)),
  listed: (document) => {
    const { policyName, path, tags } = document as PolicyDocumentState;
    return { name: policyName, path, tags };
  },
};

const serviceAccount: KindOfResource = {
  types: SERVICE_ACCOUNT_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(serviceAccountDecider.evolve(stateOf<ServiceAccount, ServiceAccountDocument>(before), event as RecordedServiceAccountEvent)),
  listed: (document) => {
    const { accountName, path, tags } = document as ServiceAccountDocument;
    return { name: accountName, path, tags };
  },
};

const identityProvider: KindOfResource = {
  types: IDENTITY_PROVIDER_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(identityProviderDecider.evolve(stateOf<IdentityProvider, IdentityProviderDocument>(before), event as RecordedIdentityProviderEvent)),
  listed: (document) => {
    const { providerName, tags } = document as IdentityProviderDocument;
    return { name: providerName, path: null, tags };
  },
};

/** Without a name of its own: lists call it by whom it belongs to. */
const accessKey: KindOfResource = {
  types: ACCESS_KEY_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(accessKeyDecider.evolve(stateOf<AccessKey, AccessKeyDocument>(before), event as RecordedAccessKeyEvent)),
  listed: (document) => ({ name: (document as AccessKeyDocument).ownerId, path: null, tags: {} }),
};

/** As an access key. */
const loginProfile: KindOfResource = {
  types: LOGIN_PROFILE_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(loginProfileDecider.evolve(stateOf<LoginProfile, LoginProfileDocument>(before), event as RecordedLoginProfileEvent)),
  listed: (document) => ({ name: (document as LoginProfileDocument).ownerId, path: null, tags: {} }),
};

const mfaDevice: KindOfResource = {
  types: MFA_DEVICE_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(mfaDeviceDecider.evolve(stateOf<MfaDevice, MfaDeviceDocument>(before), event as RecordedMfaDeviceEvent)),
  listed: (document) => ({ name: (document as MfaDeviceDocument).deviceName, path: null, tags: {} }),
};

function stateOf<State extends { readonly status: string }, Document>(document: object | null | undefined): State {
  if (document === undefined) return { status: 'none' } as State;
  return (document === null ? { status: 'deleted' } : { status: 'active', document: document as Document }) as unknown as State;
}

/** What an imported resource stands for at a target is for the engine alone. */
function documentOf(state: { readonly status: string; readonly document?: object }): object | null {
  return state.document === undefined ? null : withoutAdoption(state.document);
}

export function withoutAdoption(stored: object): object {
  const { adopts: _adopts, ...document } = stored as { readonly adopts?: object };
  return document;
}

/** The one place where the read model knows a kind by name: a new kind is a new line. */
export const KINDS: Readonly<Record<ResourceKind, KindOfResource>> = { user, group, role, policy, 'service-account': serviceAccount, 'access-key': accessKey, 'login-profile': loginProfile, 'mfa-device': mfaDevice, 'identity-provider': identityProvider };

const kindByType = new Map(Object.entries(KINDS).flatMap(([kind, { types }]) => types.map((type) => [type, kind as ResourceKind] as const)));

export const RESOURCE_TYPES: ReadonlySet<string> = new Set(kindByType.keys());

export function kindOfType(type: string): ResourceKind {
  const kind = kindByType.get(type);
  if (!kind) throw new Error(`${type} is about no resource`);
  return kind;
}
