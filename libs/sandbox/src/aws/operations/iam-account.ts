import { groupFields, policyFields, tagFields, userFields } from '../identities';
import { nameKey } from '../iam-state';
import type { GroupRecord, IamState, PolicyRecord, UserRecord } from '../iam-state';
import { page } from '../pagination';
import { optionalChoice } from '../validation';
import type { XmlRecord } from '../xml';
import { ACCESS_KEYS_PER_USER_QUOTA } from './iam-credentials';
import { GROUPS_QUOTA } from './iam-groups';
import { GROUPS_PER_USER_QUOTA } from './iam-memberships';
import { POLICIES_QUOTA, POLICY_SIZE } from './iam-policies';
import { urlEncoded, versionFields, VERSIONS_PER_POLICY } from './iam-policy-versions';
import { USERS_QUOTA } from './iam-users';
import { iamRead } from './operation';
import type { Call, Operations } from './operation';

const ENTITY_TYPES = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;
type Entity = { readonly type: 'User'; readonly record: UserRecord } | { readonly type: 'Group'; readonly record: GroupRecord }
  | { readonly type: 'LocalManagedPolicy'; readonly record: PolicyRecord };
const RANKS: Readonly<Record<Entity['type'], number>> = { User: 1, Group: 2, LocalManagedPolicy: 3 };

export const accountOperations: Operations = {
  GetAccountAuthorizationDetails: iamRead(authorizationDetails),
  GetAccountSummary: iamRead(accountSummary),
};

/** MaxItems counts entities of all types together. The account has no roles and none of AWS's own policies. */
function authorizationDetails(call: Call): XmlRecord {
  const wanted = optionalChoice(call.params.list('Filter').filter((type) => type !== ''), 'filter', ENTITY_TYPES);
  const state = call.store.view();
  const all = [
    ...state.users().map((record): Entity => ({ type: 'User', record })),
    ...state.groups().map((record): Entity => ({ type: 'Group', record })),
    ...state.policies().map((record): Entity => ({ type: 'LocalManagedPolicy', record })),
  ].filter((entity) => wanted.length === 0 || wanted.includes(entity.type));
  const { items, fields } = page(call.params, all, (entity) => `${RANKS[entity.type]}:${nameKey(entity.record)}`);
  return {
    UserDetailList: items.flatMap((entity) => (entity.type === 'User' ? [userDetail(call.account, state, entity.record)] : [])),
    GroupDetailList: items.flatMap((entity) => (entity.type === 'Group' ? [groupDetail(call.account, entity.record)] : [])),
    RoleDetailList: [],
    Policies: items.flatMap((entity) => (entity.type === 'LocalManagedPolicy' ? [policyDetail(call.account, entity.record)] : [])),
    ...fields,
  };
}

function userDetail(account: string, state: IamState, user: UserRecord): XmlRecord {
  return {
    ...userFields(account, user), GroupList: state.groupsOf(user).map((group) => group.name), AttachedManagedPolicies: [],
    ...(user.tags.length === 0 ? {} : { Tags: tagFields(user.tags) }),
  };
}

const groupDetail = (account: string, group: GroupRecord): XmlRecord =>
  ({ ...groupFields(account, group), GroupPolicyList: [], AttachedManagedPolicies: [] });

/** All versions with their documents; no tags (ManagedPolicyDetail, API reference). */
function policyDetail(account: string, policy: PolicyRecord): XmlRecord {
  const versions = [...policy.versions].reverse().map((version) => ({ Document: urlEncoded(version.document), ...versionFields(policy, version) }));
  return { ...policyFields(account, policy), PolicyVersionList: versions };
}

function accountSummary(call: Call): XmlRecord {
  const state = call.store.view();
  return {
    SummaryMap: new Map<string, number>([
      ['Users', state.userCount], ['UsersQuota', USERS_QUOTA], ['Groups', state.groupCount], ['GroupsQuota', GROUPS_QUOTA],
      ['GroupsPerUserQuota', GROUPS_PER_USER_QUOTA], ['AccessKeysPerUserQuota', ACCESS_KEYS_PER_USER_QUOTA],
      ['Roles', 0], ['RolesQuota', 1_000], ['Policies', state.policyCount], ['PoliciesQuota', POLICIES_QUOTA], ['InstanceProfiles', 0], ['InstanceProfilesQuota', 1_000],
      ['Providers', 0], ['ServerCertificates', 0], ['ServerCertificatesQuota', 20], ['SigningCertificatesPerUserQuota', 2],
      ['MFADevices', 0], ['MFADevicesInUse', 0], ['AccountMFAEnabled', 1], ['AccountAccessKeysPresent', 0], ['AccountSigningCertificatesPresent', 0],
      ['AttachedPoliciesPerGroupQuota', 10], ['AttachedPoliciesPerRoleQuota', 10], ['AttachedPoliciesPerUserQuota', 10],
      ['UserPolicySizeQuota', 2_048], ['GroupPolicySizeQuota', 5_120], ['RolePolicySizeQuota', 10_240], ['AssumeRolePolicySizeQuota', 2_048],
      ['PolicySizeQuota', POLICY_SIZE.size], ['PolicyVersionsInUse', state.policies().reduce((sum, { versions }) => sum + versions.length, 0)], ['PolicyVersionsInUseQuota', 10_000],
      ['VersionsPerPolicyQuota', VERSIONS_PER_POLICY],
      ['GlobalEndpointTokenVersion', 1],
    ]),
  };
}
