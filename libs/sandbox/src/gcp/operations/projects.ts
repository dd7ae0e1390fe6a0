import { createHash } from 'node:crypto';
import { concurrentChanges, invalidArgument } from '../errors';
import type { Binding, PolicyRecord } from '../gcp-state';
import { newEtag } from '../ids';
import { policyFrom } from '../policy-rules';
import { POLICY, readBody, readMask } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

const PROJECT = '/v3/projects/{project}';
const MADE_AT = '2024-01-01T00:00:00.000000Z';

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run']): Operation =>
  ({ api: 'cloudresourcemanager', method, template, permission: `resourcemanager.projects.${permission}`, writes, run, query: [] });

export const projectOperations: Operations = {
  'cloudresourcemanager.projects.search': { ...operation('GET', '/v3/projects:search', 'get', false, search), query: ['query', 'pageSize', 'pageToken'] },
  'cloudresourcemanager.projects.get': operation('GET', PROJECT, 'get', false, get),
  'cloudresourcemanager.projects.getIamPolicy': operation('POST', `${PROJECT}:getIamPolicy`, 'getIamPolicy', false, getPolicy),
  'cloudresourcemanager.projects.setIamPolicy': operation('POST', `${PROJECT}:setIamPolicy`, 'setIamPolicy', true, setPolicy),
  'cloudresourcemanager.projects.testIamPermissions': operation('POST', `${PROJECT}:testIamPermissions`, 'get', false, testPermissions),
};

/** The name carries the number, whatever was asked with; enums are numbers where gax asks for that (recordings). */
function get({ project, query }: Call): Answer {
  const numbers = (query.get('$alt') ?? query.get('alt') ?? '').includes('enum-encoding=int');
  return {
    name: `projects/${project.number}`, parent: 'organizations/100000000001', projectId: project.id, state: numbers ? 1 : 'ACTIVE',
    displayName: project.id, createTime: MADE_AT, updateTime: MADE_AT, etag: 'W/"0000000000000001"',
  };
}

/** All that anybody can see here is the one project. */
function search(call: Call): Answer {
  return { projects: [get(call)] };
}

function getPolicy(call: Call): Answer {
  const { options } = readBody(call.body, { options: { requestedPolicyVersion: 'integer' } } as const);
  const version = options?.requestedPolicyVersion ?? 0;
  if (![0, 1, 3].includes(version)) throw invalidArgument(`Invalid requested policy version: ${version}. Valid values are 0, 1, and 3.`);
  return policyFields(call.store.view().policy, version === 3);
}

/** Version 3 only where a condition is shown. Who did not ask for it gets the roles under other names (IAM documentation, "Policy versions"). */
function policyFields({ etag, bindings, auditConfigs }: PolicyRecord, conditions: boolean): Answer {
  const shown = bindings.map((binding) => (conditions || binding.condition === undefined ? binding : withoutCondition(binding)));
  return proto({ version: conditions && bindings.some(({ condition }) => condition !== undefined) ? 3 : 1, etag, bindings: shown, auditConfigs });
}

function withoutCondition({ role, members, condition }: Binding): Binding {
  return { role: `${role}_withcond_${createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20)}`, members };
}

/** The whole policy at once. An etag that is not the present one loses; without one the last writer wins. */
function setPolicy(call: Call): Answer {
  const { policy, updateMask = 'bindings,etag' } = readBody(call.body, { policy: POLICY, updateMask: 'string' } as const);
  if (policy === undefined) throw invalidArgument('The policy must be set.');
  const mask = readMask(updateMask, ['bindings', 'etag', 'auditConfigs', 'version']);
  const { truth } = call.store;
  const asked = policyFrom(policy, truth, call.project);
  if (policy.etag !== undefined && policy.etag !== '') {
    if (policy.etag !== truth.policy.etag) throw concurrentChanges();
    if (truth.policy.bindings.some(({ condition }) => condition !== undefined) && policy.version !== 3) {
      throw invalidArgument('The policy has conditional role bindings: it must be set with version 3.');
    }
  }
  const next: PolicyRecord = {
    etag: newEtag(), bindings: mask.includes('bindings') ? asked.bindings : truth.policy.bindings,
    auditConfigs: mask.includes('auditConfigs') ? asked.auditConfigs : truth.policy.auditConfigs,
  };
  call.store.commit({ type: 'policy-put', policy: next });
  return policyFields(next, true);
}

function testPermissions(call: Call): Answer {
  const { permissions = [] } = readBody(call.body, { permissions: ['string'] } as const);
  const wrong = permissions.find((permission) => !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(permission));
  if (wrong !== undefined) throw invalidArgument(`Permission ${wrong} is not valid for this resource.`);
  return proto({ permissions: permissions.filter((permission) => call.isGranted(permission)) });
}
