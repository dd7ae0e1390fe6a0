import { ID_PREFIXES, type NewEvent, type RecordedEvent, type ResourceKind } from '@wami/contracts';
import type { Caller } from '@wami/platform';
import { accessKeyType } from '../access-keys/access-key.type';
import { fold, type Loaded } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import type { ScopedStreams } from '../commands/scoped-streams';
import { groupType } from '../groups/group.type';
import { identityProviderType } from '../identity-providers/identity-provider.type';
import { loginProfileType } from '../login-profiles/login-profile.type';
import { mfaDeviceType } from '../mfa-devices/mfa-device.type';
import { policyType } from '../policies/policy.type';
import { roleType } from '../roles/role.type';
import { serviceAccountType } from '../service-accounts/service-account.type';
import { userType } from '../users/user.type';
import type { ResourceCommands } from './resource-commands';
import type { ResourceType } from './resource-type';

/** A resource of whatever kind, as far as relations, jobs and housekeeping have to know it. */
export interface FoundResource extends Pick<Loaded<unknown>, 'id' | 'tenant' | 'position' | 'updatedAt'> {
  readonly kind: ResourceKind;
  readonly deleted: boolean;
  readonly syncToProviders?: readonly string[];
}

/** One kind, with its types closed over: for those who learn from an id which kind they have to do with. */
export interface KnownKind {
  readonly kind: ResourceKind;
  /** @throws ProblemError NotFound */
  load(streams: ScopedStreams, caller: Caller, id: string): Promise<FoundResource>;
  /** Also what was deleted. @throws ProblemError NotFound */
  loadEvenDeleted(streams: ScopedStreams, caller: Caller, id: string): Promise<FoundResource>;
  exists(id: string, events: readonly RecordedEvent[]): boolean;
  /** Its document after these events; undefined where it does not exist then. */
  document(id: string, events: readonly RecordedEvent[]): object | undefined;
  delete(commands: ResourceCommands, context: CommandContext, id: string): Promise<unknown>;
  /** Fields of a checked patch of the kind. @throws ProblemError where the resource refuses them */
  patch(commands: ResourceCommands, context: CommandContext, id: string, patch: object): Promise<unknown>;
}

function known<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(type: ResourceType<S, E, C, P, V>): KnownKind {
  const { kind, aggregate } = type;
  const found = ({ id, tenant, position, updatedAt, state }: Loaded<S>): FoundResource => {
    const syncToProviders = type.syncToProvidersOf(state);
    return { id, kind, tenant, position, updatedAt, deleted: !aggregate.exists(state), ...(syncToProviders === undefined ? {} : { syncToProviders }) };
  };
  return {
    kind,
    load: async (streams, caller, id) => found(await streams.load(caller, aggregate, id)),
    loadEvenDeleted: async (streams, caller, id) => found(await streams.loadEvenDeleted(caller, aggregate, id)),
    exists: (id, events) => aggregate.exists(fold(aggregate, id, events).state),
    document: (id, events) => (fold(aggregate, id, events).state as { readonly document?: object }).document,
    delete: (commands, context, id) => commands.delete(type, context, id),
    patch: (commands, context, id, patch) => commands.patch(type, context, id, patch as P),
  };
}

/** The one place of this service that lists the kinds: a new one is a new line. */
export const KNOWN_KINDS: Readonly<Record<ResourceKind, KnownKind>> = {
  user: known(userType), group: known(groupType), role: known(roleType), policy: known(policyType), 'service-account': known(serviceAccountType),
  'access-key': known(accessKeyType), 'login-profile': known(loginProfileType), 'mfa-device': known(mfaDeviceType), 'identity-provider': known(identityProviderType),
};

/** The kind that an id is of, by its prefix. */
export function kindOfId(id: string): KnownKind | undefined {
  return Object.values(KNOWN_KINDS).find(({ kind }) => id.startsWith(`${ID_PREFIXES[kind]}_`));
}
