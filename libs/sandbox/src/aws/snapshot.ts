import { groupArn, policyArn, userArn } from './identities';
import type { IamState, Tag } from './iam-state';

/** What the cloud really holds, past all faults and stale reads; everything in the order of names. */
export interface AwsSnapshot {
  readonly account: string;
  readonly users: readonly UserSnapshot[];
  readonly groups: readonly GroupSnapshot[];
  readonly policies: readonly PolicySnapshot[];
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
export interface PolicySnapshot {
  readonly policyName: string;
  readonly policyId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly versions: readonly string[];
  readonly defaultVersion: string;
  /** Of the default version, as it was sent. */
  readonly document: string;
}

export function snapshotOf(state: IamState, account: string): AwsSnapshot {
  return {
    account,
    users: state.users().map((user) => ({
      userName: user.name, userId: user.id, arn: userArn(account, user), path: user.path, createDate: user.createdAt,
      tags: asRecord(user.tags),
      groups: state.groupsOf(user).map((group) => group.name),
      accessKeys: user.accessKeys.map((key) => key.id), hasLoginProfile: user.loginProfile !== undefined,
    })),
    groups: state.groups().map((group) => ({
      groupName: group.name, groupId: group.id, arn: groupArn(account, group), path: group.path, createDate: group.createdAt,
      members: state.membersOf(group).map((user) => user.name),
    })),
    policies: state.policies().map((policy) => ({
      policyName: policy.name, policyId: policy.id, arn: policyArn(account, policy), path: policy.path, createDate: policy.createdAt,
      tags: asRecord(policy.tags), versions: policy.versions.map(({ id }) => id), defaultVersion: policy.defaultVersion,
      document: policy.versions.find(({ id }) => id === policy.defaultVersion)?.document ?? '',
    })),
  };
}

const asRecord = (tags: readonly Tag[]): Readonly<Record<string, string>> => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
