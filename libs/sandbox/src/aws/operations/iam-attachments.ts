import { limitExceeded, noSuchEntity } from '../errors';
import { policyArn } from '../identities';
import { nameKey } from '../iam-state';
import type { IamState, Owner, PolicyRecord } from '../iam-state';
import { page } from '../pagination';
import { optionalChoice, optionalText, requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import type { Call, Operation, Operations } from './operation';
import { findPolicy, iamRead, iamWrite, namedGroup, namedPolicy, namedRole, namedUser, viewedGroup, viewedPolicy, viewedRole, viewedUser } from './operation';

export const ATTACHED_POLICIES_QUOTA = 10;
const ENTITIES = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;
const USAGES = ['PermissionsPolicy', 'PermissionsBoundary'] as const;

/**
 * Managed policies on users, groups and roles; and what a careful delete asks for beside them. The sandbox has no operation that makes such
 * things, so the true answer is an empty list, after the checks that AWS makes on the name and the page.
 */
export const attachmentOperations: Operations = {
  AttachUserPolicy: iamWrite((call) => attach(call, namedUser(call), 'User')),
  AttachGroupPolicy: iamWrite((call) => attach(call, namedGroup(call), 'Group')),
  AttachRolePolicy: iamWrite((call) => attach(call, namedRole(call), 'Role')),
  DetachUserPolicy: iamWrite((call) => detach(call, namedUser(call))),
  DetachGroupPolicy: iamWrite((call) => detach(call, namedGroup(call))),
  DetachRolePolicy: iamWrite((call) => detach(call, namedRole(call))),
  ListAttachedUserPolicies: iamRead((call) => listAttached(call, viewedUser(call))),
  ListAttachedGroupPolicies: iamRead((call) => listAttached(call, viewedGroup(call))),
  ListAttachedRolePolicies: iamRead((call) => listAttached(call, viewedRole(call))),
  ListEntitiesForPolicy: iamRead(listEntities),
  ListSigningCertificates: none('Certificates', viewedUser),
  ListSSHPublicKeys: none('SSHPublicKeys', viewedUser),
  ListServiceSpecificCredentials: none('ServiceSpecificCredentials', viewedUser),
  ListInstanceProfilesForRole: none('InstanceProfiles', viewedRole),
};

/** Attaching again succeeds. What was just created is refused until it is known everywhere. */
function attach(call: Call, owner: Owner, type: 'User' | 'Group' | 'Role'): undefined {
  const policy = attachablePolicy(call);
  const { store } = call;
  if (store.truth.isAttached(policy, owner)) return undefined;
  if (store.truth.policiesOf(owner).length >= ATTACHED_POLICIES_QUOTA) throw limitExceeded(`PoliciesPer${type}`, ATTACHED_POLICIES_QUOTA);
  store.commit({ type: 'attached', ownerId: owner.id, policyId: policy.id });
  return undefined;
}

function attachablePolicy(call: Call): PolicyRecord {
  const arn = requiredText(call.params, 'PolicyArn', RULES.arn);
  const policy = namedPolicy(call);
  if (findPolicyOrNone(call, call.store.view(), arn)?.id !== policy.id) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

function findPolicyOrNone({ account }: Call, state: IamState, arn: string): PolicyRecord | undefined {
  const policy = state.policy(arn.slice(arn.lastIndexOf('/') + 1));
  return policy && policyArn(account, policy) === arn ? policy : undefined;
}

/** Unlike a membership: what is not attached is NoSuchEntity (DetachUserPolicy, API reference; botocore names it). */
function detach(call: Call, owner: Owner): undefined {
  const arn = requiredText(call.params, 'PolicyArn', RULES.arn);
  const policy = findPolicy(call.store.truth, call.account, arn);
  if (!call.store.truth.isAttached(policy, owner)) throw noSuchEntity(`Policy ${arn} was not found.`);
  call.store.commit({ type: 'detached', ownerId: owner.id, policyId: policy.id });
  return undefined;
}

export function attachedFields(account: string, state: IamState, owner: Owner): readonly XmlRecord[] {
  return state.policiesOf(owner).map((policy) => ({ PolicyName: policy.name, PolicyArn: policyArn(account, policy) }));
}

function listAttached(call: Call, owner: Owner): XmlRecord {
  const prefix = optionalText(call.params, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const policies = call.store.view().policiesOf(owner).filter(({ path }) => path.startsWith(prefix));
  const { items, fields } = page(call.params, policies, nameKey);
  return { AttachedPolicies: items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policyArn(call.account, policy) })), ...fields };
}

/** MaxItems counts entities of all types together. */
function listEntities(call: Call): XmlRecord {
  const given = (name: string): readonly string[] => [call.params.get(name)].flatMap((value) => value ?? []);
  const [wanted] = optionalChoice(given('EntityFilter'), 'entityFilter', ENTITIES);
  const [usage] = optionalChoice(given('PolicyUsageFilter'), 'policyUsageFilter', USAGES);
  const policy = viewedPolicy(call);
  const state = call.store.view();
  const uses = usage === undefined ? [state.ownersOf(policy), state.boundedBy(policy)] : [usage === 'PermissionsBoundary' ? state.boundedBy(policy) : state.ownersOf(policy)];
  const users = [...new Set(uses.flatMap((use) => use.users))];
  const roles = [...new Set(uses.flatMap((use) => use.roles))];
  const groups = uses.flatMap((use) => use.groups);
  const all = [
    ...groups.map(({ id, name }) => ({ type: 'Group', key: `1:${name.toLowerCase()}`, fields: { GroupName: name, GroupId: id } })),
    ...roles.map(({ id, name }) => ({ type: 'Role', key: `2:${name.toLowerCase()}`, fields: { RoleName: name, RoleId: id } })),
    ...users.map(({ id, name }) => ({ type: 'User', key: `3:${name.toLowerCase()}`, fields: { UserName: name, UserId: id } })),
  ].filter(({ type }) => wanted === undefined || wanted === type);
  const { items, fields } = page(call.params, all, ({ key }) => key);
  const of = (type: string): XmlRecord[] => items.filter((item) => item.type === type).map((item) => item.fields);
  return { PolicyGroups: of('Group'), PolicyRoles: of('Role'), PolicyUsers: of('User'), ...fields };
}

function none(list: string, viewed: (call: Call) => unknown): Operation {
  return iamRead((call) => {
    viewed(call);
    return { [list]: [], ...page(call.params, [], String).fields };
  });
}
