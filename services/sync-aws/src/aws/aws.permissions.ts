/** Operations whose action has their name. */
const OWN = [
  'AddClientIDToOpenIDConnectProvider', 'AddUserToGroup', 'AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'CreateAccessKey', 'CreateGroup', 'CreateLoginProfile',
  'CreateOpenIDConnectProvider', 'CreatePolicyVersion', 'CreateSAMLProvider', 'DeactivateMFADevice', 'DeleteAccessKey', 'DeleteGroup', 'DeleteGroupPolicy', 'DeleteLoginProfile',
  'DeleteOpenIDConnectProvider', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRole', 'DeleteRolePermissionsBoundary', 'DeleteRolePolicy', 'DeleteSAMLProvider', 'DeleteSSHPublicKey',
  'DeleteServiceSpecificCredential', 'DeleteSigningCertificate', 'DeleteUser', 'DeleteUserPermissionsBoundary', 'DeleteUserPolicy', 'DeleteVirtualMFADevice', 'DetachGroupPolicy',
  'DetachRolePolicy', 'DetachUserPolicy', 'EnableMFADevice', 'GetAccessKeyLastUsed', 'GetAccountAuthorizationDetails', 'GetGroup', 'GetGroupPolicy', 'GetLoginProfile', 'GetOpenIDConnectProvider', 'GetPolicy',
  'GetPolicyVersion', 'GetRole', 'GetRolePolicy', 'GetSAMLProvider', 'GetUser', 'GetUserPolicy', 'ListAccessKeys', 'ListAttachedGroupPolicies', 'ListAttachedRolePolicies',
  'ListAttachedUserPolicies', 'ListEntitiesForPolicy', 'ListGroupPolicies', 'ListGroups', 'ListGroupsForUser', 'ListInstanceProfilesForRole', 'ListMFADevices', 'ListOpenIDConnectProviders',
  'ListPolicies', 'ListPolicyTags', 'ListPolicyVersions', 'ListRolePolicies', 'ListRoles', 'ListSAMLProviders', 'ListSSHPublicKeys', 'ListServiceSpecificCredentials',
  'ListSigningCertificates', 'ListUserPolicies', 'ListUsers', 'ListVirtualMFADevices', 'PutGroupPolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'PutUserPermissionsBoundary', 'PutUserPolicy',
  'RemoveClientIDFromOpenIDConnectProvider', 'RemoveRoleFromInstanceProfile', 'RemoveUserFromGroup', 'TagOpenIDConnectProvider', 'TagPolicy', 'TagRole', 'TagSAMLProvider', 'TagUser',
  'UntagOpenIDConnectProvider', 'UntagPolicy', 'UntagRole', 'UntagSAMLProvider', 'UntagUser', 'UpdateAccessKey', 'UpdateAssumeRolePolicy', 'UpdateGroup',
  'UpdateOpenIDConnectProviderThumbprint', 'UpdateRole', 'UpdateSAMLProvider', 'UpdateUser',
] as const;

/** Operation -> actions of IAM that whoever calls it must be allowed. What is made is tagged at once. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(OWN.map((operation) => [operation, [`iam:${operation}`]])),
  CreateUser: ['iam:CreateUser', 'iam:TagUser'],
  CreateVirtualMFADevice: ['iam:CreateVirtualMFADevice', 'iam:TagMFADevice'],
  CreateRole: ['iam:CreateRole', 'iam:TagRole'],
  CreatePolicy: ['iam:CreatePolicy', 'iam:TagPolicy'],
  CreateOpenIDConnectProvider: ['iam:CreateOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider'],
  CreateSAMLProvider: ['iam:CreateSAMLProvider', 'iam:TagSAMLProvider'],
  // Everybody may ask who he is.
  GetCallerIdentity: [],
};

/** What is published, by its name: enough for all that the adapter calls, and no more. */
export function leastPrivilege(): Readonly<Record<string, string>> {
  const actions = [...new Set(Object.values(PERMISSIONS).flat())].sort();
  const reads = (action: string): boolean => /^iam:(Get|List)/.test(action);
  const statement = (Sid: string, Action: readonly string[]): object => ({ Sid, Effect: 'Allow', Action, Resource: '*' });
  const policy = { Version: '2012-10-17', Statement: [statement('WamiReads', actions.filter(reads)), statement('WamiWrites', actions.filter((action) => !reads(action)))] };
  const reading = { Version: '2012-10-17', Statement: [statement('WamiReads', actions.filter(reads))] };
  return { 'aws-iam-policy.json': `${JSON.stringify(policy, null, 2)}\n`, 'aws-iam-policy-observe.json': `${JSON.stringify(reading, null, 2)}\n` };
}
