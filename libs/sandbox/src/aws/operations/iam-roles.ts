import { alreadyExists, deleteConflict, limitExceeded } from '../errors';
import { boundaryFields, roleArn, roleFields, tagsOf, userArn } from '../identities';
import { nameKey } from '../iam-state';
import type { RoleRecord } from '../iam-state';
import { newRoleId } from '../ids';
import { page } from '../pagination';
import { checkTrustPolicy } from '../policy-grammar';
import { describedName, optionalInteger, optionalText, requiredText, RULES, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { sortTags } from './iam-tags';
import { boundaryIn } from './iam-boundaries';
import { inlineOf } from './iam-inline-policies';
import { iamRead, iamWrite, namedRole, viewedRole } from './operation';
import type { Call, Operations } from './operation';

export const ROLES_QUOTA = 1_000;
const SESSION = { least: 3_600, most: 43_200 } as const;

export const roleOperations: Operations = {
  CreateRole: iamWrite(createRole),
  GetRole: iamRead((call) => ({ Role: wholeRole(call, viewedRole(call)) })),
  UpdateRole: iamWrite(updateRole),
  UpdateAssumeRolePolicy: iamWrite(updateTrust),
  DeleteRole: iamWrite(deleteRole),
  ListRoles: iamRead(listRoles),
};

function createRole(call: Call): XmlRecord {
  const described = describedName(call.params, 'RoleName', { name: RULES.roleName, path: RULES.path, description: RULES.roleDescription });
  const maxSessionDuration = optionalInteger(call.params, 'MaxSessionDuration', SESSION.least, SESSION.most) ?? SESSION.least;
  const trustPolicy = trustIn(call, 'AssumeRolePolicyDocument');
  const tags = sortTags(tagList(call.params));
  const boundary = boundaryIn(call);
  const { truth } = call.store;
  if (truth.role(described.name) !== undefined) throw alreadyExists('Role', described.name);
  if (truth.roleCount >= ROLES_QUOTA) throw limitExceeded('RolesPerAccount', ROLES_QUOTA);
  const role: RoleRecord = { id: newRoleId(), ...described, createdAt: call.now(), maxSessionDuration, trustPolicy, tags, ...boundary };
  call.store.commit({ type: 'role-put', role });
  return { Role: { ...roleFields(call.account, role), ...tagsOf(role), ...boundaryFields(call.account, truth, role) } };
}

/** Of users and roles that it names, this account's must be there and visible everywhere already. */
function trustIn(call: Call, parameter: string): string {
  const text = requiredText(call.params, parameter, RULES.policyDocument);
  const seen = call.store.view();
  const own = new Set([...seen.users().map((user) => userArn(call.account, user)), ...seen.roles().map((role) => roleArn(call.account, role))]);
  checkTrustPolicy(text, (arn) => !arn.startsWith(`arn:aws:iam::${call.account}:`) || own.has(arn));
  return text;
}

function wholeRole({ account, store }: Call, role: RoleRecord): XmlRecord {
  return { ...listedRole(account, role), ...tagsOf(role), ...boundaryFields(account, store.view(), role) };
}

/** Without tags (ListRoles, API reference). */
function listedRole(account: string, role: RoleRecord): XmlRecord {
  const { description, maxSessionDuration } = role;
  return { ...roleFields(account, role), ...(description === undefined || description === '' ? {} : { Description: description }), MaxSessionDuration: maxSessionDuration };
}

function updateRole(call: Call): XmlRecord {
  const role = namedRole(call);
  const description = optionalText(call.params, 'Description', RULES.roleDescription) ?? role.description;
  const maxSessionDuration = optionalInteger(call.params, 'MaxSessionDuration', SESSION.least, SESSION.most) ?? role.maxSessionDuration;
  call.store.commit({ type: 'role-put', role: { ...role, ...(description === undefined ? {} : { description }), maxSessionDuration } });
  return {};
}

function updateTrust(call: Call): undefined {
  const role = namedRole(call);
  const trustPolicy = trustIn(call, 'PolicyDocument');
  call.store.commit({ type: 'role-put', role: { ...role, trustPolicy } });
  return undefined;
}

function deleteRole(call: Call): undefined {
  const role = namedRole(call);
  if (call.store.truth.policiesOf(role).length > 0) throw deleteConflict('must detach all policies');
  if (inlineOf(role).length > 0) throw deleteConflict('must delete policies');
  call.store.commit({ type: 'role-deleted', id: role.id });
  return undefined;
}

function listRoles(call: Call): XmlRecord {
  const prefix = optionalText(call.params, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const { items, fields } = page(call.params, call.store.view().roles().filter((role) => role.path.startsWith(prefix)), nameKey);
  return { Roles: items.map((role) => listedRole(call.account, role)), ...fields };
}
