import { createHash } from 'node:crypto';
import type { GroupRecord, IamState, PolicyRecord, Tag, UserRecord } from './iam-state';
import type { QueryParams } from './query-protocol';
import type { XmlRecord } from './xml';

export const userArn = (account: string, user: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:user${user.path}${user.name}`;
export const groupArn = (account: string, group: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:group${group.path}${group.name}`;
export const policyArn = (account: string, policy: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:policy${policy.path}${policy.name}`;

/** As lists answer it: IAM leaves tags out there ("return a subset of the available attributes", ListUsers). */
export function userFields(account: string, user: UserRecord): XmlRecord {
  return { Path: user.path, UserName: user.name, UserId: user.id, Arn: userArn(account, user), CreateDate: user.createdAt };
}

export function userWithTags(account: string, user: UserRecord): XmlRecord {
  return { ...userFields(account, user), ...(user.tags.length === 0 ? {} : { Tags: tagFields(user.tags) }) };
}

export function groupFields(account: string, group: GroupRecord): XmlRecord {
  return { Path: group.path, GroupName: group.name, GroupId: group.id, Arn: groupArn(account, group), CreateDate: group.createdAt };
}

/** As lists answer it; GetPolicy adds description and tags (ListPolicies, API reference). */
export function policyFields(account: string, policy: PolicyRecord): XmlRecord {
  const { name, id, path, defaultVersion, createdAt, updatedAt } = policy;
  return {
    PolicyName: name, PolicyId: id, Arn: policyArn(account, policy), Path: path, DefaultVersionId: defaultVersion, AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0, IsAttachable: true, CreateDate: createdAt, UpdateDate: updatedAt,
  };
}

export function tagFields(tags: readonly Tag[]): readonly XmlRecord[] {
  return tags.map((tag) => ({ Key: tag.key, Value: tag.value }));
}

/**
 * Who calls: the owner of the access key, or for a key that was not made here the sandbox's own administrator, whom no list shows.
 */
export function callerOf(state: IamState, account: string, accessKeyId: string): UserRecord {
  return state.ownerOfAccessKey(accessKeyId) ?? {
    id: `AIDA${createHash('sha256').update(account).digest('hex').toUpperCase().replace(/[0189]/g, 'Z').slice(0, 17)}`,
    name: 'sandbox-administrator', path: '/', createdAt: '2020-01-01T00:00:00Z', tags: [], accessKeys: [],
  };
}

/** The resource that a refusal names. */
export function resourceOf(state: IamState, account: string, params: QueryParams): string {
  const userName = params.get('UserName');
  const groupName = params.get('GroupName');
  const policyName = params.get('PolicyName');
  const arn = params.get('PolicyArn');
  if (arn !== undefined) return arn;
  if (policyName !== undefined) return policyArn(account, { path: params.get('Path') ?? '/', name: policyName });
  if (groupName !== undefined) return groupArn(account, state.group(groupName) ?? { path: params.get('Path') ?? '/', name: groupName });
  if (userName !== undefined) return userArn(account, state.user(userName) ?? { path: params.get('Path') ?? '/', name: userName });
  return '*';
}
