import { randomUUID } from 'node:crypto';
import { alreadyExists, invalidArgument, limitExceeded } from '../errors';
import type { PolicyBindingRecord } from '../gcp-state';
import { newEtag } from '../ids';
import { annotationsFrom, displayNameFrom, pageOf, POLICY_BINDING, readBody, readMask } from '../requests';
import type { PolicyBindingRequest } from '../requests';
import { ACCESS_BOUNDARIES, ANNOTATIONS, V3_ID } from './access-boundaries';
import { ended, found, IN_ORGANIZATION, nameOf, PAGE, requireEtag, shown, v3Operation } from './locations';
import { proto } from './operation';
import type { Answer, Call, Operations, Project } from './operation';

const POLICY_BINDINGS = 'policyBindings';
const ALL = `${IN_ORGANIZATION}/${POLICY_BINDINGS}`;
const ONE = `${ALL}/{binding}`;
const KIND = 'PRINCIPAL_ACCESS_BOUNDARY';
/** "Principal access boundary policies that can be bound to a resource" (IAM's quotas). */
const MOST_POLICIES = 10;
/** Characters of a condition, and parts of it (comments of google.iam.v3). */
const MOST_CONDITION = { characters: 250, parts: 10 } as const;
const TEXT = String.raw`('[^'\\]*'|"[^"\\]*")`;
const LIST = String.raw`\[\s*${TEXT}(\s*,\s*${TEXT})*\s*\]`;
/** The only attributes of a principal that such a condition knows, and what can be asked of them. */
const PART = new RegExp(String.raw`^!?\s*principal\.(type\s*((==|!=)\s*${TEXT}|in\s*${LIST})|subject\s*((==|!=)\s*${TEXT}|in\s*${LIST}|\.(startsWith|endsWith)\(${TEXT}\)))$`);
const TYPE = /'iam\.googleapis\.com\/(?!(WorkspaceIdentity|WorkforcePoolIdentity|WorkloadPoolIdentity|ServiceAccount)')[^']*'/;

/** What binds principal access boundaries of the organisation to its own principals or to those of its directory. */
export const policyBindingOperations: Operations = {
  'iam.organizations.locations.policyBindings.create': v3Operation('POST', ALL, 'iam.principalaccessboundarypolicies.bind', create, ['policyBindingId', 'validateOnly']),
  'iam.organizations.locations.policyBindings.list': v3Operation('GET', ALL, 'iam.policybindings.list', list, ['pageSize', 'pageToken', 'filter']),
  'iam.organizations.locations.policyBindings.get': v3Operation('GET', ONE, 'iam.policybindings.get', ({ store, path }) => asShown(found(store.view().policyBindings(), POLICY_BINDINGS, path['binding']))),
  'iam.organizations.locations.policyBindings.patch': v3Operation('PATCH', ONE, 'iam.principalaccessboundarypolicies.bind', patch, ['updateMask', 'validateOnly']),
  'iam.organizations.locations.policyBindings.delete': v3Operation('DELETE', ONE, 'iam.principalaccessboundarypolicies.unbind', remove, ['etag', 'validateOnly']),
};

const asShown = (binding: PolicyBindingRecord): Answer => shown(POLICY_BINDINGS, binding, {
  target: { principalSet: binding.principalSet }, policyKind: KIND, policy: binding.policy, policyUid: binding.policyUid, ...(binding.condition === undefined ? {} : { condition: proto(binding.condition) }),
});

const over = (call: Call, verb: string, binding: PolicyBindingRecord): Answer => ended(call, verb, nameOf(POLICY_BINDINGS, binding.id), 'iam.v3.PolicyBinding', asShown(binding));

function create(call: Call): Answer {
  const id = call.query.get('policyBindingId') ?? '';
  if (!V3_ID.test(id)) throw invalidArgument('The policy binding ID must start with a lowercase letter followed by up to 62 lowercase letters, numbers, hyphens, or dots.');
  const { displayName, annotations, target, policyKind, policy = '', condition } = readBody(call.body, POLICY_BINDING);
  const others = call.store.truth.policyBindings();
  if (others.some((binding) => binding.id === id)) throw alreadyExists(`Resource '${nameOf(POLICY_BINDINGS, id)}' already exists.`);
  if (policyKind !== KIND) throw invalidArgument(`The policy kind must be ${KIND}.`);
  const principalSet = principalSetFrom(target, call.project);
  const [name = '', boundary = ''] = new RegExp(`^${nameOf(ACCESS_BOUNDARIES, '')}([^/]+)$`).exec(policy) ?? [];
  if (name === '') throw invalidArgument(`The policy ${policy} is no principal access boundary policy of the organization.`);
  const { uid: policyUid } = found(call.store.truth.accessBoundaries(), ACCESS_BOUNDARIES, boundary);
  const bound = new Set(others.filter((binding) => binding.principalSet === principalSet).map((binding) => binding.policy));
  if (!bound.has(policy) && bound.size >= MOST_POLICIES) throw limitExceeded(`Maximum number of policies bound to ${principalSet} reached. Maximum is: ${MOST_POLICIES}`);
  const binding: PolicyBindingRecord = {
    id, uid: randomUUID(), displayName: displayNameFrom(displayName), annotations: annotationsFrom(annotations, ANNOTATIONS), principalSet, policy, policyUid, ...conditionFrom(condition),
    etag: newEtag(), createdAt: call.now, updatedAt: call.now,
  };
  call.store.commit({ type: 'policy-binding-put', binding });
  return over(call, 'create', binding);
}

function list({ store, query }: Call): Answer {
  const { items, nextPageToken } = pageOf(query, store.view().policyBindings(), ({ id }) => id, PAGE);
  return proto({ policyBindings: items.map(asShown), nextPageToken });
}

/** Target and policy stay as they were made. */
function patch(call: Call): Answer {
  const request = readBody(call.body, POLICY_BINDING);
  const { condition: _before, ...before } = found(call.store.truth.policyBindings(), POLICY_BINDINGS, call.path['binding']);
  requireEtag(before, request.etag);
  const masked = new Set(readMask(call.query.get('updateMask') ?? 'displayName,annotations,condition', ['displayName', 'annotations', 'condition']));
  const binding: PolicyBindingRecord = {
    ...before, ...(masked.has('displayName') ? { displayName: displayNameFrom(request.displayName) } : {}), ...(masked.has('annotations') ? { annotations: annotationsFrom(request.annotations, ANNOTATIONS) } : {}),
    ...conditionFrom(masked.has('condition') ? request.condition : _before), etag: newEtag(), updatedAt: call.now,
  };
  call.store.commit({ type: 'policy-binding-put', binding });
  return over(call, 'update', binding);
}

function remove(call: Call): Answer {
  const before = found(call.store.truth.policyBindings(), POLICY_BINDINGS, call.path['binding']);
  requireEtag(before, call.query.get('etag'));
  call.store.commit({ type: 'policy-binding-forgotten', id: before.id });
  return ended(call, 'delete', nameOf(POLICY_BINDINGS, before.id), 'protobuf.Empty', {});
}

/** Those that stand right in an organisation and can be here: its own, and its directory's. */
function principalSetFrom(target: PolicyBindingRequest['target'], { organization, directory }: Project): string {
  const principalSet = target?.principalSet ?? '';
  const known = [`//cloudresourcemanager.googleapis.com/organizations/${organization}`, `//iam.googleapis.com/locations/global/workspace/${directory.customer}`];
  if (!known.includes(principalSet)) throw invalidArgument(`The principal set '${principalSet}' is not one of the organization's.`);
  return principalSet;
}

function conditionFrom(condition: PolicyBindingRequest['condition']): Pick<PolicyBindingRecord, 'condition'> {
  if (condition === undefined) return {};
  const { expression = '' } = condition;
  const parts = expression.split(/&&|\|\|/).map((part) => part.trim());
  if (expression.length > MOST_CONDITION.characters || parts.length > MOST_CONDITION.parts) throw invalidArgument(`The condition must have at most ${MOST_CONDITION.characters} characters and ${MOST_CONDITION.parts} subexpressions.`);
  if (TYPE.test(expression) || parts.some((part) => !PART.test(part))) throw invalidArgument('The condition of a policy binding can only refer to principal.type and principal.subject.');
  return { condition };
}
