import { alreadyExists, limitExceeded, refusedDelete } from '../errors';
import { policyFields, tagsOf } from '../identities';
import { nameKey } from '../iam-state';
import type { IamState, PolicyRecord } from '../iam-state';
import { newPolicyId } from '../ids';
import { page } from '../pagination';
import { checkPolicyDocument } from '../policy-grammar';
import { describedName, optionalChoice, optionalText, requiredText, RULES, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { sortTags } from './iam-tags';
import { iamRead, iamWrite, namedPolicy, viewedPolicy } from './operation';
import type { Call, Operations } from './operation';

export const POLICIES_QUOTA = 1_500;
export const POLICY_SIZE = { quota: 'PolicySize', size: 6_144 } as const;
const SCOPES = ['All', 'AWS', 'Local'] as const;
const USAGES = ['PermissionsPolicy', 'PermissionsBoundary'] as const;

/** Customer managed policies. The account shows none of AWS's own. */
export const policyOperations: Operations = {
  CreatePolicy: iamWrite(createPolicy),
  GetPolicy: iamRead((call) => ({ Policy: wholePolicy(call, viewedPolicy(call)) })),
  DeletePolicy: iamWrite(deletePolicy),
  ListPolicies: iamRead(listPolicies),
};

function createPolicy(call: Call): XmlRecord {
  const described = describedName(call.params, 'PolicyName', { name: RULES.policyName, path: RULES.policyPath, description: RULES.policyDescription });
  const document = requiredText(call.params, 'PolicyDocument', RULES.policyDocument);
  const tags = sortTags(tagList(call.params));
  checkPolicyDocument(document, POLICY_SIZE);
  const { truth } = call.store;
  if (truth.policy(described.name) !== undefined) throw alreadyExists('Policy', described.name);
  if (truth.policyCount >= POLICIES_QUOTA) throw limitExceeded('PoliciesPerAccount', POLICIES_QUOTA);
  const now = call.now();
  const policy: PolicyRecord = {
    id: newPolicyId(), ...described, createdAt: now, updatedAt: now, tags,
    defaultVersion: 'v1', lastVersion: 1, versions: [{ id: 'v1', document, createdAt: now }],
  };
  call.store.commit({ type: 'policy-put', policy });
  return { Policy: { ...policyFields(call.account, policy, 0, 0), ...tagsOf(policy) } };
}

function wholePolicy({ account, store }: Call, policy: PolicyRecord): XmlRecord {
  return { ...policyFields(account, policy, store.view().attachmentCount(policy), boundedCount(store.view(), policy)), ...(policy.description === undefined ? {} : { Description: policy.description }), ...tagsOf(policy) };
}

/** How many users and roles it limits. */
export function boundedCount(state: IamState, policy: PolicyRecord): number {
  const { users, roles } = state.boundedBy(policy);
  return users.length + roles.length;
}

/** Only the default version goes with the policy (DeletePolicy, API reference). */
function deletePolicy(call: Call): undefined {
  const policy = namedPolicy(call);
  const { truth } = call.store;
  if (truth.attachmentCount(policy) + boundedCount(truth, policy) > 0) throw refusedDelete('Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) {
    throw refusedDelete('This policy has more than one version. Before you delete a policy, you must delete the policy\'s versions. The default version is deleted with the policy.');
  }
  call.store.commit({ type: 'policy-deleted', id: policy.id });
  return undefined;
}

function listPolicies(call: Call): XmlRecord {
  const given = (name: string): readonly string[] => [call.params.get(name)].flatMap((value) => value ?? []);
  const [scope = 'All'] = optionalChoice(given('Scope'), 'scope', SCOPES);
  optionalChoice(given('PolicyUsageFilter'), 'policyUsageFilter', USAGES);
  const prefix = optionalText(call.params, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const state = call.store.view();
  const onlyAttached = call.params.get('OnlyAttached') === 'true';
  const isAsked = (policy: PolicyRecord): boolean => scope !== 'AWS' && policy.path.startsWith(prefix) && (!onlyAttached || state.attachmentCount(policy) > 0);
  const { items, fields } = page(call.params, state.policies().filter(isAsked), nameKey);
  return { Policies: items.map((policy) => policyFields(call.account, policy, state.attachmentCount(policy), boundedCount(state, policy))), ...fields };
}
