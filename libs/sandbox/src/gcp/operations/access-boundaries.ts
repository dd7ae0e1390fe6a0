import { randomUUID } from 'node:crypto';
import { alreadyExists, failedPrecondition, invalidArgument, limitExceeded } from '../errors';
import type { AccessBoundaryRecord } from '../gcp-state';
import { newEtag } from '../ids';
import { ACCESS_BOUNDARY, annotationsFrom, displayNameFrom, pageOf, readBody, readMask } from '../requests';
import type { AccessBoundaryRequest } from '../requests';
import { ended, found, IN_ORGANIZATION, nameOf, PAGE, requireEtag, shown, v3Operation } from './locations';
import { proto } from './operation';
import type { Answer, Call, Operations } from './operation';

export const ACCESS_BOUNDARIES = 'principalAccessBoundaryPolicies';
const ALL = `${IN_ORGANIZATION}/${ACCESS_BOUNDARIES}`;
const ONE = `${ALL}/{boundary}`;
// "Quotas and limits" and "Principal access boundary policies" of IAM's documentation.
const MOST = { policies: 1_000, rules: 500, resources: 500, description: 256 } as const;
export const V3_ID = /^[a-z][a-z0-9.-]{2,62}$/;
/** AIP-148: 256 KiB together; each is held to less here. */
export const ANNOTATIONS = { key: 63, value: 1_024 } as const;
const RESOURCE = /^\/\/cloudresourcemanager\.googleapis\.com\/(projects\/[a-z0-9.:-]+|(folders|organizations)\/\d+)$/;
const VERSIONS: readonly string[] = ['1', '2', '3', '4', 'latest'];
const NEWEST = '4';

/** Principal access boundaries of the organisation. */
export const accessBoundaryOperations: Operations = {
  [`iam.organizations.locations.${ACCESS_BOUNDARIES}.create`]: v3Operation('POST', ALL, 'iam.principalaccessboundarypolicies.create', create, ['principalAccessBoundaryPolicyId', 'validateOnly']),
  [`iam.organizations.locations.${ACCESS_BOUNDARIES}.list`]: v3Operation('GET', ALL, 'iam.principalaccessboundarypolicies.list', list, ['pageSize', 'pageToken']),
  [`iam.organizations.locations.${ACCESS_BOUNDARIES}.get`]: v3Operation('GET', ONE, 'iam.principalaccessboundarypolicies.get', ({ store, path }) => asShown(found(store.view().accessBoundaries(), ACCESS_BOUNDARIES, path['boundary']))),
  [`iam.organizations.locations.${ACCESS_BOUNDARIES}.patch`]: v3Operation('PATCH', ONE, 'iam.principalaccessboundarypolicies.update', patch, ['updateMask', 'validateOnly']),
  [`iam.organizations.locations.${ACCESS_BOUNDARIES}.delete`]: v3Operation('DELETE', ONE, 'iam.principalaccessboundarypolicies.delete', remove, ['etag', 'force', 'validateOnly']),
};

const asShown = (policy: AccessBoundaryRecord): Answer => shown(ACCESS_BOUNDARIES, policy, {
  details: proto({ rules: policy.rules.map(({ description, resources, effect }) => proto({ description, resources, effect })), enforcementVersion: policy.enforcementVersion }),
});

const over = (call: Call, verb: string, policy: AccessBoundaryRecord): Answer => ended(call, verb, nameOf(ACCESS_BOUNDARIES, policy.id), 'iam.v3.PrincipalAccessBoundaryPolicy', asShown(policy));

function create(call: Call): Answer {
  const id = call.query.get('principalAccessBoundaryPolicyId') ?? '';
  if (!V3_ID.test(id)) throw invalidArgument('The principal access boundary policy ID must start with a lowercase letter followed by up to 62 lowercase letters, numbers, hyphens, or dots.');
  const { displayName, annotations, details } = readBody(call.body, ACCESS_BOUNDARY);
  const others = call.store.truth.accessBoundaries();
  if (others.some((policy) => policy.id === id)) throw alreadyExists(`Resource '${nameOf(ACCESS_BOUNDARIES, id)}' already exists.`);
  if (others.length >= MOST.policies) throw limitExceeded(`Maximum number of principal access boundary policies reached. Maximum is: ${MOST.policies}`);
  const policy: AccessBoundaryRecord = {
    id, uid: randomUUID(), displayName: displayNameFrom(displayName), annotations: annotationsFrom(annotations, ANNOTATIONS), ...detailsFrom(details), etag: newEtag(), createdAt: call.now, updatedAt: call.now,
  };
  call.store.commit({ type: 'access-boundary-put', policy });
  return over(call, 'create', policy);
}

function list({ store, query }: Call): Answer {
  const { items, nextPageToken } = pageOf(query, store.view().accessBoundaries(), ({ id }) => id, PAGE);
  return proto({ principalAccessBoundaryPolicies: items.map(asShown), nextPageToken });
}

function patch(call: Call): Answer {
  const request = readBody(call.body, ACCESS_BOUNDARY);
  const before = found(call.store.truth.accessBoundaries(), ACCESS_BOUNDARIES, call.path['boundary']);
  requireEtag(before, request.etag);
  const masked = new Set(readMask(call.query.get('updateMask') ?? 'displayName,annotations,details', ['displayName', 'annotations', 'details']));
  const policy: AccessBoundaryRecord = {
    ...before, ...(masked.has('displayName') ? { displayName: displayNameFrom(request.displayName) } : {}),
    ...(masked.has('annotations') ? { annotations: annotationsFrom(request.annotations, ANNOTATIONS) } : {}), ...(masked.has('details') ? detailsFrom(request.details) : {}), etag: newEtag(), updatedAt: call.now,
  };
  call.store.commit({ type: 'access-boundary-put', policy });
  return over(call, 'update', policy);
}

/** For good. What binds it has to go before, or along with it. */
function remove(call: Call): Answer {
  const before = found(call.store.truth.accessBoundaries(), ACCESS_BOUNDARIES, call.path['boundary']);
  requireEtag(before, call.query.get('etag'));
  const name = nameOf(ACCESS_BOUNDARIES, before.id);
  const binding = call.store.truth.policyBindings().filter(({ policy }) => policy === name);
  if (binding.length > 0 && call.query.get('force') !== 'true') throw failedPrecondition(`The policy ${name} is referenced by policy bindings.`);
  for (const { id } of binding) call.store.commit({ type: 'policy-binding-forgotten', id });
  call.store.commit({ type: 'access-boundary-forgotten', id: before.id });
  return ended(call, 'delete', name, 'protobuf.Empty', {});
}

function detailsFrom(details: AccessBoundaryRequest['details']): Pick<AccessBoundaryRecord, 'rules' | 'enforcementVersion'> {
  const { rules = [], enforcementVersion = '' } = details ?? {};
  if (rules.length === 0 || rules.length > MOST.rules) throw invalidArgument(`A principal access boundary policy must have 1 to ${MOST.rules} rules.`);
  if (rules.reduce((sum, { resources = [] }) => sum + resources.length, 0) > MOST.resources) throw invalidArgument(`A principal access boundary policy can reference at most ${MOST.resources} resources.`);
  if (enforcementVersion !== '' && !VERSIONS.includes(enforcementVersion)) throw invalidArgument(`The enforcement version ${enforcementVersion} is not supported.`);
  return { enforcementVersion: enforcementVersion === '' ? NEWEST : enforcementVersion, rules: rules.map(({ description = '', resources = [], effect = '' }) => {
    if ([...description].length > MOST.description) throw invalidArgument(`The description of a rule must be at most ${MOST.description} characters.`);
    if (effect !== 'ALLOW') throw invalidArgument('The effect of a rule must be ALLOW.');
    const wrong = resources.length === 0 ? '' : resources.find((resource) => !RESOURCE.test(resource));
    if (wrong !== undefined) throw invalidArgument(`Invalid resource '${wrong}': the full resource name of a project, a folder or an organization is needed.`);
    return { description, resources, effect };
  }) };
}
