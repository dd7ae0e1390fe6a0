import { createHash } from 'node:crypto';
import type { GroupRecord, IamState, PolicyRecord, RoleRecord, Tag, UserRecord } from './iam-state';
import type { QueryParams } from './query-protocol';
import type { XmlRecord } from './xml';

export const userArn = (account: string, user: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:user${user.path}${user.name}`;
export const groupArn = (account: string, group: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:group${group.path}${group.name}`;
export const policyArn = (account: string, policy: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:policy${policy.path}${policy.name}`;
export const roleArn = (account: string, role: { readonly path: string; readonly name: string }): string =>
  `arn:aws:iam::${account}:role${role.path}${role.name}`;

/** As IAM answers documents: URL-encoded as RFC 3986 says (GetPolicyVersion, GetRole, API reference). */
export const urlEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** As lists answer it: IAM leaves tags out there ("return a subset of the available attributes", ListUsers). */
export function userFields(account: string, user: UserRecord): XmlRecord {
  return { Path: user.path, UserName: user.name, UserId: user.id, Arn: userArn(account, user), CreateDate: user.createdAt };
}

export function userWithTags(account: string, user: UserRecord): XmlRecord {
  return { ...userFields(account, user), ...tagsOf(user) };
}

/** Of users and roles; lists leave it out (ListUsers, ListRoles, API reference). */
export function boundaryFields(account: string, state: IamState, owner: Pick<UserRecord, 'boundary'>): XmlRecord {
  const policy = state.boundaryOf(owner);
  return policy === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: policyArn(account, policy) } };
}

export function groupFields(account: string, group: GroupRecord): XmlRecord {
  return { Path: group.path, GroupName: group.name, GroupId: group.id, Arn: groupArn(account, group), CreateDate: group.createdAt };
}

/** As lists answer it; GetPolicy adds description and tags (ListPolicies, API reference). */
export function policyFields(account: string, policy: PolicyRecord, attachments: number, bounded: number): XmlRecord {
  const { name, id, path, defaultVersion, createdAt, updatedAt } = policy;
  return {
    PolicyName: name, PolicyId: id, Arn: policyArn(account, policy), Path: path, DefaultVersionId: defaultVersion, AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: bounded, IsAttachable: true, CreateDate: createdAt, UpdateDate: updatedAt,
  };
}

/** As CreateRole answers it; lists add description and longest session, GetRole all of it (ListRoles, API reference). */
export function roleFields(account: string, role: RoleRecord): XmlRecord {
  const { name, id, path, createdAt, trustPolicy } = role;
  return { Path: path, RoleName: name, RoleId: id, Arn: roleArn(account, role), CreateDate: createdAt, AssumeRolePolicyDocument: urlEncoded(trustPolicy) };
}

/** Left out where there are none, as IAM does. */
export const tagsOf = ({ tags }: { readonly tags: readonly Tag[] }): XmlRecord => (tags.length === 0 ? {} : { Tags: tagFields(tags) });

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
  const roleName = params.get('RoleName');
  const policyName = params.get('PolicyName');
  const arn = params.get('PolicyArn');
  const provider = params.get('OpenIDConnectProviderArn') ?? params.get('SAMLProviderArn');
  if (provider !== undefined) return provider;
  if (roleName !== undefined) return roleArn(account, state.role(roleName) ?? { path: params.get('Path') ?? '/', name: roleName });
  if (arn !== undefined && groupName === undefined && userName === undefined) return arn;
  if (policyName !== undefined && groupName === undefined && userName === undefined) return policyArn(account, { path: params.get('Path') ?? '/', name: policyName });
  if (groupName !== undefined) return groupArn(account, state.group(groupName) ?? { path: params.get('Path') ?? '/', name: groupName });
  if (userName !== undefined) return userArn(account, state.user(userName) ?? { path: params.get('Path') ?? '/', name: userName });
  return '*';
}
