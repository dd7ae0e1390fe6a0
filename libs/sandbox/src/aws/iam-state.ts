import { byKey } from './pagination';

export interface Tag {
  readonly key: string;
  readonly value: string;
}
export interface AccessKeyRecord {
  readonly id: string;
  readonly createdAt: string;
}
export interface LoginProfileRecord {
  readonly createdAt: string;
  readonly resetRequired: boolean;
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
}
export interface GroupRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
}

/** The journal's alphabet. Each carries the whole new value, so applying one twice is applying it once. */
export type Change =
  | { readonly type: 'user-put'; readonly user: UserRecord }
  | { readonly type: 'user-deleted'; readonly id: string }
  | { readonly type: 'group-put'; readonly group: GroupRecord }
  | { readonly type: 'group-deleted'; readonly id: string }
  | { readonly type: 'member-added' | 'member-removed'; readonly groupId: string; readonly userId: string }
  | { readonly type: 'cleared' };

export const nameKey = (record: { readonly name: string }): string => record.name.toLowerCase();

/** Users, groups and memberships of one account. Names are found whatever the case of their letters, as in IAM. */
export class IamState {
  private readonly usersById = new Map<string, UserRecord>();
  private readonly groupsById = new Map<string, GroupRecord>();
  private readonly userIds = new Map<string, string>();
  private readonly groupIds = new Map<string, string>();
  private readonly groupsOfUser = new Map<string, Set<string>>();
  private readonly membersOfGroup = new Map<string, Set<string>>();
  private sortedUsers: readonly UserRecord[] | undefined;
  private sortedGroups: readonly GroupRecord[] | undefined;

  get userCount(): number {
    return this.usersById.size;
  }

  get groupCount(): number {
    return this.groupsById.size;
  }

  user(name: string): UserRecord | undefined {
    return this.usersById.get(this.userIds.get(name.toLowerCase()) ?? '');
  }

  group(name: string): GroupRecord | undefined {
    return this.groupsById.get(this.groupIds.get(name.toLowerCase()) ?? '');
  }

  /** By name. */
  users(): readonly UserRecord[] {
    return (this.sortedUsers ??= [...this.usersById.values()].sort(byKey(nameKey)));
  }

  groups(): readonly GroupRecord[] {
    return (this.sortedGroups ??= [...this.groupsById.values()].sort(byKey(nameKey)));
  }

  groupsOf(user: UserRecord): readonly GroupRecord[] {
    return pick(this.groupsById, this.groupsOfUser.get(user.id));
  }

  membersOf(group: GroupRecord): readonly UserRecord[] {
    return pick(this.usersById, this.membersOfGroup.get(group.id));
  }

  isMember(group: GroupRecord, user: UserRecord): boolean {
    return this.membersOfGroup.get(group.id)?.has(user.id) ?? false;
  }

  ownerOfAccessKey(accessKeyId: string): UserRecord | undefined {
    return this.users().find((user) => user.accessKeys.some((key) => key.id === accessKeyId));
  }

  /** The shortest list of changes that makes this state out of nothing. */
  asChanges(): readonly Change[] {
    return [
      ...this.users().map((user): Change => ({ type: 'user-put', user })),
      ...this.groups().map((group): Change => ({ type: 'group-put', group })),
      ...this.groups().flatMap((group) =>
        this.membersOf(group).map((user): Change => ({ type: 'member-added', groupId: group.id, userId: user.id }))),
    ];
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'user-put': return this.putUser(change.user);
      case 'user-deleted': return this.deleteUser(change.id);
      case 'group-put': return this.putGroup(change.group);
      case 'group-deleted': return this.deleteGroup(change.id);
      case 'member-added': return this.addMember(change.groupId, change.userId);
      case 'member-removed': return this.removeMember(change.groupId, change.userId);
      case 'cleared': return this.clear();
    }
  }

  private putUser(user: UserRecord): void {
    const before = this.usersById.get(user.id);
    if (before !== undefined) this.userIds.delete(nameKey(before));
    this.usersById.set(user.id, user);
    this.userIds.set(nameKey(user), user.id);
    this.sortedUsers = undefined;
  }

  private deleteUser(id: string): void {
    const user = this.usersById.get(id);
    if (user === undefined) return;
    for (const groupId of this.groupsOfUser.get(id) ?? []) this.membersOfGroup.get(groupId)?.delete(id);
    this.groupsOfUser.delete(id);
    this.usersById.delete(id);
    this.userIds.delete(nameKey(user));
    this.sortedUsers = undefined;
  }

  private putGroup(group: GroupRecord): void {
    const before = this.groupsById.get(group.id);
    if (before !== undefined) this.groupIds.delete(nameKey(before));
    this.groupsById.set(group.id, group);
    this.groupIds.set(nameKey(group), group.id);
    this.sortedGroups = undefined;
  }

  private deleteGroup(id: string): void {
    const group = this.groupsById.get(id);
    if (group === undefined) return;
    for (const userId of this.membersOfGroup.get(id) ?? []) this.groupsOfUser.get(userId)?.delete(id);
    this.membersOfGroup.delete(id);
    this.groupsById.delete(id);
    this.groupIds.delete(nameKey(group));
    this.sortedGroups = undefined;
  }

  private addMember(groupId: string, userId: string): void {
    this.membersOfGroup.set(groupId, (this.membersOfGroup.get(groupId) ?? new Set()).add(userId));
    this.groupsOfUser.set(userId, (this.groupsOfUser.get(userId) ?? new Set()).add(groupId));
  }

  private removeMember(groupId: string, userId: string): void {
    this.membersOfGroup.get(groupId)?.delete(userId);
    this.groupsOfUser.get(userId)?.delete(groupId);
  }

  private clear(): void {
    for (const map of [this.usersById, this.groupsById, this.userIds, this.groupIds, this.groupsOfUser, this.membersOfGroup]) map.clear();
    this.sortedUsers = this.sortedGroups = undefined;
  }
}

function pick<T extends { readonly name: string }>(records: ReadonlyMap<string, T>, ids: ReadonlySet<string> | undefined): readonly T[] {
  return [...(ids ?? [])].flatMap((id) => records.get(id) ?? []).sort(byKey(nameKey));
}
