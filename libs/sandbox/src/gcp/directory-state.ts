import { byKey } from '../cloud/order';

export interface GroupRecord {
  /** As it stands in the name, behind `groups/`. */
  readonly id: string;
  /** The key, in small letters. */
  readonly email: string;
  readonly displayName: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly createTime: string;
  readonly updateTime: string;
}
export interface MembershipRecord {
  readonly id: string;
  readonly groupId: string;
  /** Address of the member, in small letters. */
  readonly member: string;
  readonly type: 'USER' | 'GROUP' | 'SERVICE_ACCOUNT' | 'OTHER';
  readonly roles: readonly string[];
  readonly createTime: string;
  readonly updateTime: string;
}

export interface UserRecord {
  /** 21 digits, for good. */
  readonly id: string;
  readonly etag: string;
  /** In small letters, as aliases are. */
  readonly email: string;
  readonly aliases: readonly string[];
  readonly givenName: string;
  readonly familyName: string;
  readonly externalIds: unknown;
  readonly suspended: boolean;
  readonly changePassword: boolean;
  readonly creationTime: string;
}

export type DirectoryChange =
  | { readonly type: 'group-put'; readonly group: GroupRecord }
  | { readonly type: 'membership-put'; readonly membership: MembershipRecord }
  | { readonly type: 'user-put'; readonly user: UserRecord }
  | { readonly type: 'group-forgotten' | 'membership-forgotten' | 'user-forgotten'; readonly id: string };

/** What one customer's Cloud Identity holds. */
export class DirectoryState {
  private readonly groupRecords = new Map<string, GroupRecord>();
  private readonly groupsByEmail = new Map<string, string>();
  private readonly userRecords = new Map<string, UserRecord>();
  private readonly usersByEmail = new Map<string, string>();
  private readonly membershipRecords = new Map<string, MembershipRecord>();
  private readonly byGroup = new Map<string, Set<string>>();
  private readonly byMember = new Map<string, Set<string>>();

  /** By id. */
  groups(): readonly GroupRecord[] {
    return [...this.groupRecords.values()].sort(byKey(({ id }) => id));
  }

  group(id: string): GroupRecord | undefined {
    return this.groupRecords.get(id);
  }

  groupAt(email: string): GroupRecord | undefined {
    return this.groupRecords.get(this.groupsByEmail.get(email) ?? '');
  }

  /** By id. */
  users(): readonly UserRecord[] {
    return [...this.userRecords.values()].sort(byKey(({ id }) => id));
  }

  user(id: string): UserRecord | undefined {
    return this.userRecords.get(id);
  }

  /** By one of its addresses. */
  userAt(email: string): UserRecord | undefined {
    return this.userRecords.get(this.usersByEmail.get(email) ?? '');
  }

  /** By id. */
  members(groupId: string): readonly MembershipRecord[] {
    return this.found(this.byGroup.get(groupId));
  }

  /** Those that this address is directly in; by id. */
  membershipsOf(email: string): readonly MembershipRecord[] {
    return this.found(this.byMember.get(email));
  }

  asChanges(): readonly DirectoryChange[] {
    return [
      ...this.groups().map((group): DirectoryChange => ({ type: 'group-put', group })),
      ...this.users().map((user): DirectoryChange => ({ type: 'user-put', user })),
      ...this.found(this.membershipRecords.keys()).map((membership): DirectoryChange => ({ type: 'membership-put', membership })),
    ];
  }

  apply(change: DirectoryChange): void {
    switch (change.type) {
      case 'group-put':
        this.groupRecords.set(change.group.id, change.group);
        this.groupsByEmail.set(change.group.email, change.group.id);
        return;
      case 'group-forgotten':
        this.groupsByEmail.delete(this.groupRecords.get(change.id)?.email ?? '');
        this.groupRecords.delete(change.id);
        return;
      case 'user-put': this.putUser(change.user.id, change.user); return;
      case 'user-forgotten': this.putUser(change.id, undefined); return;
      case 'membership-put': this.putMembership(change.membership); return;
      case 'membership-forgotten': this.forgetMembership(change.id); return;
    }
  }

  clear(): void {
    for (const map of [this.groupRecords, this.groupsByEmail, this.userRecords, this.usersByEmail, this.membershipRecords, this.byGroup, this.byMember]) map.clear();
  }

  private putUser(id: string, user: UserRecord | undefined): void {
    const before = this.userRecords.get(id);
    for (const address of before ? [before.email, ...before.aliases] : []) this.usersByEmail.delete(address);
    this.userRecords.delete(id);
    if (user === undefined) return;
    this.userRecords.set(id, user);
    for (const address of [user.email, ...user.aliases]) this.usersByEmail.set(address, id);
  }

  private putMembership(membership: MembershipRecord): void {
    const { id, groupId, member } = membership;
    this.forgetMembership(id);
    this.membershipRecords.set(id, membership);
    this.byGroup.set(groupId, (this.byGroup.get(groupId) ?? new Set()).add(id));
    this.byMember.set(member, (this.byMember.get(member) ?? new Set()).add(id));
  }

  private forgetMembership(id: string): void {
    const membership = this.membershipRecords.get(id);
    if (membership === undefined) return;
    this.membershipRecords.delete(id);
    this.byGroup.get(membership.groupId)?.delete(id);
    this.byMember.get(membership.member)?.delete(id);
  }

  private found(ids: Iterable<string> = []): readonly MembershipRecord[] {
    return [...ids].flatMap((id) => this.membershipRecords.get(id) ?? []).sort(byKey(({ id }) => id));
  }
}
