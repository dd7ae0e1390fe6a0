import { noSuchEntity, overLimit } from '../errors';
import { urlEncoded } from '../identities';
import type { Change, InlinePolicyRecord, Owner } from '../iam-state';
import { nameKey } from '../iam-state';
import { page } from '../pagination';
import { checkInlineDocument } from '../policy-grammar';
import { requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import type { Call, Operations } from './operation';
import { iamRead, iamWrite, namedGroup, namedRole, namedUser, viewedGroup, viewedRole, viewedUser } from './operation';

/** Characters of all inline policies of one together, white space not counted ("IAM and AWS STS quotas"); no quota of them can be raised. */
export const INLINE_SIZES = { user: 2_048, group: 5_120, role: 10_240 } as const;

interface Kind<T extends Owner> {
  readonly noun: keyof typeof INLINE_SIZES;
  readonly named: (call: Call) => T;
  readonly viewed: (call: Call) => T;
  readonly put: (owner: T) => Change;
}

const USER: Kind<ReturnType<typeof namedUser>> = { noun: 'user', named: namedUser, viewed: viewedUser, put: (user) => ({ type: 'user-put', user }) };
const GROUP: Kind<ReturnType<typeof namedGroup>> = { noun: 'group', named: namedGroup, viewed: viewedGroup, put: (group) => ({ type: 'group-put', group }) };
const ROLE: Kind<ReturnType<typeof namedRole>> = { noun: 'role', named: namedRole, viewed: viewedRole, put: (role) => ({ type: 'role-put', role }) };

export const inlinePolicyOperations: Operations = {
  PutUserPolicy: iamWrite((call) => put(call, USER)),
  PutGroupPolicy: iamWrite((call) => put(call, GROUP)),
  PutRolePolicy: iamWrite((call) => put(call, ROLE)),
  GetUserPolicy: iamRead((call) => get(call, USER, 'UserName')),
  GetGroupPolicy: iamRead((call) => get(call, GROUP, 'GroupName')),
  GetRolePolicy: iamRead((call) => get(call, ROLE, 'RoleName')),
  DeleteUserPolicy: iamWrite((call) => remove(call, USER)),
  DeleteGroupPolicy: iamWrite((call) => remove(call, GROUP)),
  DeleteRolePolicy: iamWrite((call) => remove(call, ROLE)),
  ListUserPolicies: iamRead((call) => list(call, USER)),
  ListGroupPolicies: iamRead((call) => list(call, GROUP)),
  ListRolePolicies: iamRead((call) => list(call, ROLE)),
};

/** Adds it, or replaces the one of that name (PutUserPolicy, API reference). */
function put<T extends Owner>(call: Call, { noun, named, put: putOwner }: Kind<T>): undefined {
  const name = requiredText(call.params, 'PolicyName', RULES.policyName);
  const document = requiredText(call.params, 'PolicyDocument', RULES.policyDocument);
  const owner = named(call);
  checkInlineDocument(document);
  const after = inOrder([...inlineOf(owner).filter((one) => one.name !== name), { name, document }]);
  const size = after.reduce((sum, one) => sum + one.document.replace(/\s/g, '').length, 0);
  if (size > INLINE_SIZES[noun]) throw overLimit(`Maximum policy size of ${INLINE_SIZES[noun]} bytes exceeded for ${noun} ${owner.name}`);
  call.store.commit(putOwner({ ...owner, inlinePolicies: after }));
  return undefined;
}

function get<T extends Owner>(call: Call, { noun, viewed }: Kind<T>, field: string): XmlRecord {
  const name = requiredText(call.params, 'PolicyName', RULES.policyName);
  const owner = viewed(call);
  const { document } = found(owner, noun, name);
  return { [field]: owner.name, PolicyName: name, PolicyDocument: urlEncoded(document) };
}

function remove<T extends Owner>(call: Call, { noun, named, put: putOwner }: Kind<T>): undefined {
  const name = requiredText(call.params, 'PolicyName', RULES.policyName);
  const owner = named(call);
  found(owner, noun, name);
  call.store.commit(putOwner({ ...owner, inlinePolicies: inlineOf(owner).filter((one) => one.name !== name) }));
  return undefined;
}

/** Names alone. */
function list<T extends Owner>(call: Call, { viewed }: Kind<T>): XmlRecord {
  const { items, fields } = page(call.params, inlineOf(viewed(call)), nameKey);
  return { PolicyNames: items.map(({ name }) => name), ...fields };
}

/** As GetAccountAuthorizationDetails answers them. */
export function inlineDetails(owner: Owner): readonly XmlRecord[] {
  return inlineOf(owner).map(({ name, document }) => ({ PolicyName: name, PolicyDocument: urlEncoded(document) }));
}

export const inlineOf = ({ inlinePolicies = [] }: Owner): readonly InlinePolicyRecord[] => inlinePolicies;

function found(owner: Owner, noun: string, name: string): InlinePolicyRecord {
  const policy = inlineOf(owner).find((one) => one.name === name);
  if (policy === undefined) throw noSuchEntity(`The ${noun} policy with name ${name} cannot be found.`);
  return policy;
}

const inOrder = (policies: readonly InlinePolicyRecord[]): readonly InlinePolicyRecord[] => [...policies].sort((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1));
