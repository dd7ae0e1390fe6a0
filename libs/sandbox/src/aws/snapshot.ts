import { groupArn, policyArn, roleArn, userArn } from './identities';
import type { IamState, OidcTrust, Owner, SamlTrust, Tag } from './iam-state';

/** What the cloud really holds, past all faults and stale reads; everything in the order of names. */
export interface AwsSnapshot {
  readonly account: string;
  readonly users: readonly UserSnapshot[];
  readonly groups: readonly GroupSnapshot[];
  readonly policies: readonly PolicySnapshot[];
  readonly roles: readonly RoleSnapshot[];
  readonly identityProviders: readonly IdentityProviderSnapshot[];
}
export interface IdentityProviderSnapshot {
  readonly arn: string;
  readonly createDate: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trusts: OidcTrust | SamlTrust;
}
export interface UserSnapshot {
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  readonly accessKeys: readonly string[];
  readonly hasLoginProfile: boolean;
  /** Serial numbers of those that are enabled. */
  readonly mfaDevices: readonly string[];
  /** Name of the policy that limits it. */
  readonly boundary?: string;
  /** Documents as they were sent, by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
}
export interface GroupSnapshot {
  readonly groupName: string;
  readonly groupId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly members: readonly string[];
  readonly policies: readonly string[];
  readonly inlinePolicies: Readonly<Record<string, string>>;
}
export interface RoleSnapshot {
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly path: string;
  readonly createDate: string;
  readonly description: string;
  readonly maxSessionDuration: number;
  /** As it was sent. */
  readonly trustPolicy: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly policies: readonly string[];
  readonly boundary?: string;
  readonly inlinePolicies: Readonly<Record<string, string>>;
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
      groups: state.groupsOf(user).map((group) => group.name), policies: state.policiesOf(user).map(({ name }) => name),
      accessKeys: user.accessKeys.map((key) => key.id), hasLoginProfile: user.loginProfile !== undefined, mfaDevices: state.mfaDevicesOf(user).map(({ id }) => id), ...boundaryOf(state, user), ...inlineOf(user),
    })),
    groups: state.groups().map((group) => ({
      groupName: group.name, groupId: group.id, arn: groupArn(account, group), path: group.path, createDate: group.createdAt,
      members: state.membersOf(group).map((user) => user.name), policies: state.policiesOf(group).map(({ name }) => name), ...inlineOf(group),
    })),
    policies: state.policies().map((policy) => ({
      policyName: policy.name, policyId: policy.id, arn: policyArn(account, policy), path: policy.path, createDate: policy.createdAt,
      tags: asRecord(policy.tags), versions: policy.versions.map(({ id }) => id), defaultVersion: policy.defaultVersion,
      document: policy.versions.find(({ id }) => id === policy.defaultVersion)?.document ?? '',
    })),
    roles: state.roles().map((role) => ({
      roleName: role.name, roleId: role.id, arn: roleArn(account, role), path: role.path, createDate: role.createdAt, description: role.description ?? '',
      maxSessionDuration: role.maxSessionDuration, trustPolicy: role.trustPolicy, tags: asRecord(role.tags), policies: state.policiesOf(role).map(({ name }) => name), ...boundaryOf(state, role), ...inlineOf(role),
    })),
    identityProviders: state.providers().map(({ id, createdAt, tags, trusts }) => ({ arn: id, createDate: createdAt, tags: asRecord(tags), trusts })),
  };
}

function boundaryOf(state: IamState, owner: Parameters<IamState['boundaryOf']>[0]): { readonly boundary?: string } {
  const policy = state.boundaryOf(owner);
  return policy === undefined ? {} : { boundary: policy.name };
}

function inlineOf({ inlinePolicies = [] }: Owner): { readonly inlinePolicies: Readonly<Record<string, string>> } {
  return { inlinePolicies: Object.fromEntries(inlinePolicies.map(({ name, document }) => [name, document])) };
}

const asRecord = (tags: readonly Tag[]): Readonly<Record<string, string>> => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
