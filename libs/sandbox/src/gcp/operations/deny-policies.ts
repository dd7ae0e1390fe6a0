import { DENY_POLICIES_PER_RESOURCE, rulesFrom } from '../deny-rules';
import { alreadyExists, concurrentChanges, invalidArgument, limitExceeded, notFound, permissionDenied } from '../errors';
import type { DenyPolicyRecord, NodeAbove } from '../gcp-state';
import { newEtag, newUniqueId } from '../ids';
import { annotationsFrom, DENY_POLICY, displayNameFrom, pageOf, readBody } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

/** Whatever page size is asked for (discovery document). */
const PAGE = { usual: 1_000, most: 1_000 } as const;
const POLICIES = '/v2/policies/{point}/denypolicies';
const POLICY = `${POLICIES}/{denyPolicy}`;

const operation = (method: Operation['method'], template: string, verb: string, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'iam', method, template, permission: `iam.denypolicies.${verb}`, writes: method !== 'GET', run, query });

/** Deny policies of the project, the folder and the organisation. Every write is an operation that has ended once it is answered (recordings). */
export const denyPolicyOperations: Operations = {
  'iam.policies.createPolicy': operation('POST', POLICIES, 'create', create, ['policyId']),
  'iam.policies.listPolicies': operation('GET', POLICIES, 'list', list, ['pageSize', 'pageToken']),
  'iam.policies.get': operation('GET', POLICY, 'get', (call) => shown(call, found(call, call.store.view().denyPolicies()))),
  'iam.policies.update': operation('PUT', POLICY, 'update', update),
  'iam.policies.delete': operation('DELETE', POLICY, 'delete', remove, ['etag']),
};

interface Point {
  readonly of: NodeAbove | undefined;
  /** `policies/cloudresourcemanager.googleapis.com%2Fprojects%2F123/denypolicies`, by the project's number whatever was asked with. */
  readonly parent: string;
}

/** The resource that the path names, which stands in it encoded twice: with its slashes encoded once nothing is found. */
function pointOf({ path, project }: Call): Point {
  const [, kind = '', id = ''] = /^cloudresourcemanager\.googleapis\.com%2F(projects|folders|organizations)%2F([^/]+)$/i.exec(path['point'] ?? '') ?? [];
  if (kind === '') throw notFound('Requested entity was not found.');
  const known: Readonly<Record<string, readonly string[]>> = { projects: [project.number, encodeURIComponent(project.id)], folders: [project.folder], organizations: [project.organization] };
  const [number = ''] = known[kind] ?? [];
  if (known[kind]?.includes(id) !== true) throw permissionDenied('iam', 'iam.denypolicies.get', `${kind}/${id}`);
  const of = kind === 'projects' ? undefined : kind === 'folders' ? 'folder' : 'organization';
  return { of, parent: `policies/cloudresourcemanager.googleapis.com%2F${kind}%2F${number}/denypolicies` };
}

const siblings = (call: Call): readonly DenyPolicyRecord[] => call.store.truth.denyPolicies().filter(({ of }) => of === pointOf(call).of);

function found(call: Call, policies: readonly DenyPolicyRecord[]): DenyPolicyRecord {
  const { of, parent } = pointOf(call);
  const id = call.path['denyPolicy'] ?? '';
  const policy = policies.find((one) => one.of === of && one.id === id);
  if (policy === undefined) throw notFound(`Policy "${parent}/${id}" not found.`);
  return policy;
}

/** Without rules as lists tell it. */
function shown(call: Call, { id, uid, displayName, annotations, etag, createdAt, updatedAt, rules }: DenyPolicyRecord, more: Answer = {}): Answer {
  return proto({
    name: `${pointOf(call).parent}/${id}`, uid, kind: 'DenyPolicy', displayName, annotations: Object.keys(annotations).length === 0 ? undefined : annotations, etag,
    createTime: timeOf(createdAt), updateTime: timeOf(updatedAt), ...more, rules: rules.map(({ description, denyRule }) => proto({ description, denyRule: proto(denyRule) })),
  });
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

function ended(call: Call, policy: DenyPolicyRecord, more: Answer = {}): Answer {
  const { parent } = pointOf(call);
  return {
    name: `${parent}/${policy.id}/operations/${newUniqueId()}`, done: true, metadata: { '@type': 'type.googleapis.com/google.iam.v2.PolicyOperationMetadata', createTime: timeOf(call.now) },
    response: { '@type': 'type.googleapis.com/google.iam.v2.Policy', ...shown(call, policy, more) },
  };
}

function create(call: Call): Answer {
  const { of, parent } = pointOf(call);
  const id = call.query.get('policyId') ?? '';
  if (!/^[a-z][a-z0-9.-]{2,62}$/.test(id)) throw invalidArgument('The policy ID must contain 3 to 63 characters: lowercase letters, numbers, dashes and periods, a lowercase letter first.');
  const request = readBody(call.body, DENY_POLICY);
  const others = siblings(call);
  if (others.some((policy) => policy.id === id)) throw alreadyExists(`Policy "${parent}/${id}" already exists.`);
  if (others.length >= DENY_POLICIES_PER_RESOURCE) throw limitExceeded(`Maximum number of deny policies reached. Maximum is: ${DENY_POLICIES_PER_RESOURCE}`);
  const policy: DenyPolicyRecord = {
    id, ...(of === undefined ? {} : { of }), uid: newUniqueId(), displayName: displayNameFrom(request.displayName), annotations: annotationsFrom(request.annotations, { key: 63, value: 255 }), rules: rulesFrom(request, others), etag: newEtag(),
    createdAt: call.now, updatedAt: call.now,
  };
  call.store.commit({ type: 'deny-put', policy });
  return ended(call, policy);
}

function list(call: Call): Answer {
  const { of } = pointOf(call);
  const policies = call.store.view().denyPolicies().filter((policy) => policy.of === of);
  const { items, nextPageToken } = pageOf(new URLSearchParams({ pageToken: call.query.get('pageToken') ?? '' }), policies, ({ id }) => id, PAGE);
  return proto({ policies: items.map((policy) => shown(call, { ...policy, rules: [] })), nextPageToken });
}

/** Rules and display name alone can be changed; annotations stay as they were made. */
function update(call: Call): Answer {
  const request = readBody(call.body, DENY_POLICY);
  const before = found(call, call.store.truth.denyPolicies());
  requireEtag(before, request.etag);
  const policy = { ...before, displayName: displayNameFrom(request.displayName), rules: rulesFrom(request, siblings(call).filter(({ id }) => id !== before.id)), etag: newEtag(), updatedAt: call.now };
  call.store.commit({ type: 'deny-put', policy });
  return ended(call, policy);
}

/** For good. */
function remove(call: Call): Answer {
  const before = found(call, call.store.truth.denyPolicies());
  requireEtag(before, call.query.get('etag') ?? undefined);
  call.store.commit({ type: 'deny-forgotten', id: before.id, ...(before.of === undefined ? {} : { of: before.of }) });
  return ended(call, before, { deleteTime: timeOf(call.now) });
}

function requireEtag(policy: DenyPolicyRecord, etag: string | undefined): void {
  if (etag !== undefined && etag !== '' && etag !== policy.etag) throw concurrentChanges();
}
