import { groupArn, userArn } from './identities';
import type { IamState } from './iam-state';

/** What the cloud really holds, past all faults and stale reads; users, groups and names in the order of names. */
export interface AwsSnapshot {
  readonly account: string;
  readonly users: readonly UserSnapshot[];
  readonly groups: readonly GroupSnapshot[];
}
export interface UserSnapshot {
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly accessKeys: readonly string[];
  readonly hasLoginProfile: boolean;
}
export interface GroupSnapshot {
  readonly groupName: string;
  readonly groupId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly members: readonly string[];
}

export function snapshotOf(state: IamState, account: string): AwsSnapshot {
  return {
    account,
    users: state.users().map((user) => ({
      userName: user.name, userId: user.id, arn: userArn(account, user), path: user.path, createDate: user.createdAt,
      tags: Object.fromEntries(user.tags.map((tag) => [tag.key, tag.value])),
      groups: state.groupsOf(user).map((group) => group.name),
      accessKeys: user.accessKeys.map((key) => key.id), hasLoginProfile: user.loginProfile !== undefined,
    })),
    groups: state.groups().map((group) => ({
      groupName: group.name, groupId: group.id, arn: groupArn(account, group), path: group.path, createDate: group.createdAt,
      members: state.membersOf(group).map((user) => user.name),
    })),
  };
}
