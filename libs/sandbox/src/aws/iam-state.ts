import { Links } from '../cloud/links';
import type { Store } from '../cloud/store';
import type { AccessKeyRecord, LoginProfileRecord, MfaDeviceRecord, Tag } from './credential-records';
import { nameKey, NamedRecords } from './records';

export { nameKey };
export type { AccessKeyRecord, MfaDeviceRecord, Tag };

export interface InlinePolicyRecord {
  readonly name: string;
  /** As it was sent. */
  readonly document: string;
}
export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** RFC 3339, whole seconds. */
  readonly createdAt: string;
  /** In the order of their keys. */
  readonly tags: readonly Tag[];
  readonly accessKeys: readonly AccessKeyRecord[];
  readonly loginProfile?: LoginProfileRecord;
  /** Id of the policy that limits it. */
  readonly boundary?: string;
  /** By name. */
  readonly inlinePolicies?: readonly InlinePolicyRecord[];
}
export interface GroupRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
  readonly inlinePolicies?: readonly InlinePolicyRecord[];
}
export interface PolicyVersionRecord {
  /** `v1`, `v2`, ...; never given again. */
  readonly id: string;
  /** As it was sent. */
  readonly document: string;
  readonly createdAt: string;
}
export interface PolicyRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly defaultVersion: string;
  /** Number of the newest version that ever was. */
  readonly lastVersion: number;
  /** Oldest first. */
  readonly versions: readonly PolicyVersionRecord[];
}

export interface RoleRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
  readonly description?: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** Who may assume it, as it was sent. */
  readonly trustPolicy: string;
  readonly tags: readonly Tag[];
  /** Id of the policy that limits it. */
  readonly boundary?: string;
  readonly inlinePolicies?: readonly InlinePolicyRecord[];
}
export interface IdentityProviderRecord {
  /** Its ARN: IAM knows a provider by nothing else. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly tags: readonly Tag[];
  readonly trusts: OidcTrust | SamlTrust;
}
export interface OidcTrust {
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
}
export interface SamlTrust {
  /** As it was sent. */
  readonly metadata: string;
}
/** What a policy can be attached to, and what can have inline policies. */
export type Owner = UserRecord | GroupRecord | RoleRecord;

/** The journal's alphabet. Each carries the whole new value, so applying one twice is applying it once. */
export type Change =
  | { readonly type: 'user-put'; readonly user: UserRecord }
  | { readonly type: 'group-put'; readonly group: GroupRecord }
  | { readonly type: 'policy-put'; readonly policy: PolicyRecord }
  | { readonly type: 'role-put'; readonly role: RoleRecord }
  | { readonly type: 'provider-put'; readonly provider: IdentityProviderRecord }
  | { readonly type: 'mfa-put'; readonly device: MfaDeviceRecord }
  | { readonly type: 'mfa-deleted' | 'user-deleted' | 'group-deleted' | 'policy-deleted' | 'role-deleted' | 'provider-deleted'; readonly id: string }
  | { readonly type: 'attached' | 'detached'; readonly ownerId: string; readonly policyId: string }
  | { readonly type: 'member-added' | 'member-removed'; readonly groupId: string; readonly userId: string }
  | { readonly type: 'cleared' };

export type IamStore = Store<IamState, Change>;

/** All that one account holds. */
export class IamState {
  private readonly userRecords = new NamedRecords<UserRecord>();
  private readonly groupRecords = new NamedRecords<GroupRecord>();
  private readonly policyRecords = new NamedRecords<PolicyRecord>();
  private readonly roleRecords = new NamedRecords<RoleRecord>();
  private readonly providerRecords = new NamedRecords<IdentityProviderRecord>();
  private readonly mfaRecords = new NamedRecords<MfaDeviceRecord>();
  /** From group to user. */
  private readonly memberships = new Links();
  /** From user, group or role to policy. */
  private readonly attachments = new Links();

  get userCount(): number {
    return this.userRecords.size;
  }

  get groupCount(): number {
    return this.groupRecords.size;
  }

  get policyCount(): number {
    return this.policyRecords.size;
  }

  get roleCount(): number {
    return this.roleRecords.size;
  }

  user(name: string): UserRecord | undefined {
    return this.userRecords.named(name);
  }

  group(name: string): GroupRecord | undefined {
    return this.groupRecords.named(name);
  }

  policy(name: string): PolicyRecord | undefined {
    return this.policyRecords.named(name);
  }

  role(name: string): RoleRecord | undefined {
    return this.roleRecords.named(name);
  }

  /** By its ARN, to the letter. */
  provider(arn: string): IdentityProviderRecord | undefined {
    return this.providerRecords.withId(arn);
  }

  mfaDevice(serial: string): MfaDeviceRecord | undefined {
    return this.mfaRecords.withId(serial);
  }

  /** By name. */
  users(): readonly UserRecord[] {
    return this.userRecords.all();
  }

  groups(): readonly GroupRecord[] {
    return this.groupRecords.all();
  }

  policies(): readonly PolicyRecord[] {
    return this.policyRecords.all();
  }

  roles(): readonly RoleRecord[] {
    return this.roleRecords.all();
  }

  /** By ARN. */
  providers(): readonly IdentityProviderRecord[] {
    return this.providerRecords.all();
  }

  /** By serial number. */
  mfaDevices(): readonly MfaDeviceRecord[] {
    return this.mfaRecords.all();
  }

  mfaDevicesOf({ id }: Pick<UserRecord, 'id'>): readonly MfaDeviceRecord[] {
    return this.mfaDevices().filter(({ user }) => user === id);
  }

  policiesOf({ id }: Pick<Owner, 'id'>): readonly PolicyRecord[] {
    return this.policyRecords.pick(this.attachments.of(id));
  }

  /** What it is attached to, each by name. */
  ownersOf({ id }: Pick<PolicyRecord, 'id'>): { readonly users: readonly UserRecord[]; readonly groups: readonly GroupRecord[]; readonly roles: readonly RoleRecord[] } {
    const ids = this.attachments.to(id);
    return { users: this.userRecords.pick(ids), groups: this.groupRecords.pick(ids), roles: this.roleRecords.pick(ids) };
  }

  /** What it limits, each by name. */
  boundedBy({ id }: Pick<PolicyRecord, 'id'>): { readonly users: readonly UserRecord[]; readonly groups: readonly GroupRecord[]; readonly roles: readonly RoleRecord[] } {
    const isBounded = ({ boundary }: UserRecord | RoleRecord): boolean => boundary === id;
    return { users: this.users().filter(isBounded), groups: [], roles: this.roles().filter(isBounded) };
  }

  boundaryOf({ boundary }: Pick<UserRecord | RoleRecord, 'boundary'>): PolicyRecord | undefined {
    return boundary === undefined ? undefined : this.policyRecords.withId(boundary);
  }

  attachmentCount({ id }: Pick<PolicyRecord, 'id'>): number {
    return this.attachments.to(id).size;
  }

  isAttached({ id }: Pick<PolicyRecord, 'id'>, owner: Pick<Owner, 'id'>): boolean {
    return this.attachments.has(owner.id, id);
  }

  groupsOf(user: UserRecord): readonly GroupRecord[] {
    return this.groupRecords.pick(this.memberships.to(user.id));
  }

  membersOf(group: GroupRecord): readonly UserRecord[] {
    return this.userRecords.pick(this.memberships.of(group.id));
  }

  isMember(group: GroupRecord, user: UserRecord): boolean {
    return this.memberships.has(group.id, user.id);
  }

  ownerOfAccessKey(accessKeyId: string): UserRecord | undefined {
    return this.users().find((user) => user.accessKeys.some((key) => key.id === accessKeyId));
  }

  asChanges(): readonly Change[] {
    return [
      ...this.users().map((user): Change => ({ type: 'user-put', user })),
      ...this.groups().map((group): Change => ({ type: 'group-put', group })),
      ...this.policies().map((policy): Change => ({ type: 'policy-put', policy })),
      ...this.roles().map((role): Change => ({ type: 'role-put', role })),
      ...this.providers().map((provider): Change => ({ type: 'provider-put', provider })),
      ...this.mfaDevices().map((device): Change => ({ type: 'mfa-put', device })),
      ...[...this.users(), ...this.groups(), ...this.roles()].flatMap((owner) =>
        this.policiesOf(owner).map((policy): Change => ({ type: 'attached', ownerId: owner.id, policyId: policy.id }))),
      ...this.groups().flatMap((group) =>
        this.membersOf(group).map((user): Change => ({ type: 'member-added', groupId: group.id, userId: user.id }))),
    ];
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'user-put': return this.userRecords.put(change.user);
      case 'user-deleted': return this.forget(this.userRecords, change.id);
      case 'group-put': return this.groupRecords.put(change.group);
      case 'group-deleted': return this.forget(this.groupRecords, change.id);
      case 'policy-put': return this.policyRecords.put(change.policy);
      case 'policy-deleted': return this.forget(this.policyRecords, change.id);
      case 'role-put': return this.roleRecords.put(change.role);
      case 'role-deleted': return this.forget(this.roleRecords, change.id);
      case 'mfa-put': return this.mfaRecords.put(change.device);
      case 'mfa-deleted': return this.mfaRecords.delete(change.id);
      case 'provider-put': return this.providerRecords.put(change.provider);
      case 'provider-deleted': return this.providerRecords.delete(change.id);
      case 'attached': return this.attachments.add(change.ownerId, change.policyId);
      case 'detached': return this.attachments.remove(change.ownerId, change.policyId);
      case 'member-added': return this.memberships.add(change.groupId, change.userId);
      case 'member-removed': return this.memberships.remove(change.groupId, change.userId);
      case 'cleared': return this.clear();
    }
  }

  private forget(records: { delete(id: string): void }, id: string): void {
    records.delete(id);
    this.memberships.forget(id);
    this.attachments.forget(id);
  }

  private clear(): void {
    for (const part of [this.userRecords, this.groupRecords, this.policyRecords, this.roleRecords, this.providerRecords, this.mfaRecords, this.memberships, this.attachments]) part.clear();
  }
}
