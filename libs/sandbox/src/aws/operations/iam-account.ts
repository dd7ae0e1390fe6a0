import { boundaryFields, groupFields, policyFields, roleFields, tagsOf, urlEncoded, userFields } from '../identities';
import { nameKey } from '../iam-state';
import type { GroupRecord, IamState, PolicyRecord, RoleRecord, UserRecord } from '../iam-state';
import { page } from '../pagination';
import { TRUST_SIZE } from '../policy-grammar';
import { optionalChoice } from '../validation';
import type { XmlRecord } from '../xml';
import { ATTACHED_POLICIES_QUOTA, attachedFields } from './iam-attachments';
import { ACCESS_KEYS_PER_USER_QUOTA } from './iam-credentials';
import { GROUPS_QUOTA } from './iam-groups';
import { INLINE_SIZES, inlineDetails } from './iam-inline-policies';
import { GROUPS_PER_USER_QUOTA } from './iam-memberships';
import { boundedCount, POLICIES_QUOTA, POLICY_SIZE } from './iam-policies';
import { versionFields, VERSIONS_PER_POLICY } from './iam-policy-versions';
import { ROLES_QUOTA } from './iam-roles';
import { USERS_QUOTA } from './iam-users';
import { iamRead } from './operation';
import type { Call, Operations } from './operation';

const ENTITY_TYPES = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;
type Entity = { readonly type: 'User'; readonly record: UserRecord } | { readonly type: 'Group'; readonly record: GroupRecord }
  | { readonly type: 'LocalManagedPolicy'; readonly record: PolicyRecord } | { readonly type: 'Role'; readonly record: RoleRecord };
const RANKS: Readonly<Record<Entity['type'], number>> = { User: 1, Group: 2, LocalManagedPolicy: 3, Role: 4 };

export const accountOperations: Operations = {
  GetAccountAuthorizationDetails: iamRead(authorizationDetails),
  GetAccountSummary: iamRead(accountSummary),
};

/** MaxItems counts entities of all types together. The account has none of AWS's own policies. */
function authorizationDetails(call: Call): XmlRecord {
  const wanted = optionalChoice(call.params.list('Filter').filter((type) => type !== ''), 'filter', ENTITY_TYPES);
  const state = call.store.view();
  const all = [
    ...state.users().map((record): Entity => ({ type: 'User', record })),
    ...state.groups().map((record): Entity => ({ type: 'Group', record })),
    ...state.policies().map((record): Entity => ({ type: 'LocalManagedPolicy', record })),
    ...state.roles().map((record): Entity => ({ type: 'Role', record })),
  ].filter((entity) => wanted.length === 0 || wanted.includes(entity.type));
  const { items, fields } = page(call.params, all, (entity) => `${RANKS[entity.type]}:${nameKey(entity.record)}`);
  return {
    UserDetailList: items.flatMap((entity) => (entity.type === 'User' ? [userDetail(call.account, state, entity.record)] : [])),
    GroupDetailList: items.flatMap((entity) => (entity.type === 'Group' ? [groupDetail(call.account, state, entity.record)] : [])),
    RoleDetailList: items.flatMap((entity) => (entity.type === 'Role' ? [roleDetail(call.account, state, entity.record)] : [])),
    Policies: items.flatMap((entity) => (entity.type === 'LocalManagedPolicy' ? [policyDetail(call.account, state, entity.record)] : [])),
    ...fields,
  };
}

function userDetail(account: string, state: IamState, user: UserRecord): XmlRecord {
  return {
    ...userFields(account, user), ...inlineList(user), GroupList: state.groupsOf(user).map((group) => group.name), AttachedManagedPolicies: attachedFields(account, state, user),
    ...tagsOf(user), ...boundaryFields(account, state, user),
  };
}

/** Left out where there are none, as AWS's own example of an answer shows. */
function inlineList(user: UserRecord): XmlRecord {
  const policies = inlineDetails(user);
  return policies.length === 0 ? {} : { UserPolicyList: policies };
}

const groupDetail = (account: string, state: IamState, group: GroupRecord): XmlRecord =>
  ({ ...groupFields(account, group), GroupPolicyList: inlineDetails(group), AttachedManagedPolicies: attachedFields(account, state, group) });

/** Neither description nor longest session (RoleDetail, API reference). */
function roleDetail(account: string, state: IamState, role: RoleRecord): XmlRecord {
  return {
    ...roleFields(account, role), InstanceProfileList: [], RolePolicyList: inlineDetails(role), AttachedManagedPolicies: attachedFields(account, state, role),
    ...tagsOf(role), ...boundaryFields(account, state, role),
  };
}

/** All versions with their documents; no tags (ManagedPolicyDetail, API reference). */
function policyDetail(account: string, state: IamState, policy: PolicyRecord): XmlRecord {
  const versions = [...policy.versions].reverse().map((version) => ({ Document: urlEncoded(version.document), ...versionFields(policy, version) }));
  return { ...policyFields(account, policy, state.attachmentCount(policy), boundedCount(state, policy)), PolicyVersionList: versions };
}

function accountSummary(call: Call): XmlRecord {
  const state = call.store.view();
  return {
    SummaryMap: new Map<string, number>([
      ['Users', state.userCount], ['UsersQuota', USERS_QUOTA], ['Groups', state.groupCount], ['GroupsQuota', GROUPS_QUOTA],
      ['GroupsPerUserQuota', GROUPS_PER_USER_QUOTA], ['AccessKeysPerUserQuota', ACCESS_KEYS_PER_USER_QUOTA],
      ['Roles', state.roleCount], ['RolesQuota', ROLES_QUOTA], ['Policies', state.policyCount], ['PoliciesQuota', POLICIES_QUOTA], ['InstanceProfiles', 0], ['InstanceProfilesQuota', 1_000],
      ['Providers', 0], ['ServerCertificates', 0], ['ServerCertificatesQuota', 20], ['SigningCertificatesPerUserQuota', 2],
      ['MFADevices', state.mfaDevices().length], ['MFADevicesInUse', state.mfaDevices().filter(({ user }) => user !== undefined).length], ['AccountMFAEnabled', 1], ['AccountAccessKeysPresent', 0], ['AccountSigningCertificatesPresent', 0],
      ['AttachedPoliciesPerGroupQuota', ATTACHED_POLICIES_QUOTA], ['AttachedPoliciesPerRoleQuota', ATTACHED_POLICIES_QUOTA],
      ['AttachedPoliciesPerUserQuota', ATTACHED_POLICIES_QUOTA],
      ['UserPolicySizeQuota', INLINE_SIZES.user], ['GroupPolicySizeQuota', INLINE_SIZES.group], ['RolePolicySizeQuota', INLINE_SIZES.role], ['AssumeRolePolicySizeQuota', TRUST_SIZE],
      ['PolicySizeQuota', POLICY_SIZE.size], ['PolicyVersionsInUse', state.policies().reduce((sum, { versions }) => sum + versions.length, 0)], ['PolicyVersionsInUseQuota', 10_000],
      ['VersionsPerPolicyQuota', VERSIONS_PER_POLICY],
      ['GlobalEndpointTokenVersion', 1],
    ]),
  };
}
