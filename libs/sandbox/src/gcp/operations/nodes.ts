import { createHash } from 'node:crypto';
import { concurrentChanges, invalidArgument } from '../errors';
import type { Binding, NodeAbove, PolicyRecord } from '../gcp-state';
import { newEtag } from '../ids';
import { policyFrom } from '../policy-rules';
import { POLICY, readBody, readMask } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

const MADE_AT = '2024-01-01T00:00:00.000000Z';

type Kind = 'projects' | 'folders' | 'organizations';
const PLACES: Readonly<Record<Kind, string>> = { projects: 'project', folders: 'folder', organizations: 'organization' };

function operationsOf(kind: Kind): Operations {
  const node = `/v3/${kind}/{${PLACES[kind]}}`;
  const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run']): Operation =>
    ({ api: 'cloudresourcemanager', method, template, permission: `resourcemanager.${kind}.${permission}`, writes, run, query: [] });
  return {
    [`cloudresourcemanager.${kind}.search`]: { ...operation('GET', `/v3/${kind}:search`, 'get', false, (call) => ({ [kind]: [SHOWN[kind](call)] })), query: ['query', 'pageSize', 'pageToken'] },
    [`cloudresourcemanager.${kind}.get`]: operation('GET', node, 'get', false, (call) => SHOWN[kind](call)),
    [`cloudresourcemanager.${kind}.getIamPolicy`]: operation('POST', `${node}:getIamPolicy`, 'getIamPolicy', false, getPolicy),
    [`cloudresourcemanager.${kind}.setIamPolicy`]: operation('POST', `${node}:setIamPolicy`, 'setIamPolicy', true, setPolicy),
    [`cloudresourcemanager.${kind}.testIamPermissions`]: operation('POST', `${node}:testIamPermissions`, 'get', false, testPermissions),
  };
}

/** All that anybody can see here is the one project, its organisation, and one folder in that. */
export const nodeOperations: Operations = { ...operationsOf('projects'), ...operationsOf('folders'), ...operationsOf('organizations') };

/** Enums are numbers where gax asks for that (recordings). */
const common = ({ query }: Call): Answer => {
  const numbers = (query.get('$alt') ?? query.get('alt') ?? '').includes('enum-encoding=int');
  return { state: numbers ? 1 : 'ACTIVE', createTime: MADE_AT, updateTime: MADE_AT, etag: 'W/"0000000000000001"' };
};

/** The name of a project carries the number, whatever was asked with. */
const SHOWN: Readonly<Record<Kind, (call: Call) => Answer>> = {
  projects: (call) => ({ ...common(call), name: `projects/${call.project.number}`, parent: `organizations/${call.project.organization}`, projectId: call.project.id, displayName: call.project.id }),
  folders: (call) => ({ ...common(call), name: `folders/${call.project.folder}`, parent: `organizations/${call.project.organization}`, displayName: 'A folder' }),
  organizations: (call) => ({
    ...common(call), name: `organizations/${call.project.organization}`, displayName: call.project.directory.domain, directoryCustomerId: call.project.directory.customer,
  }),
};

function aboveOf({ path }: Call): NodeAbove | undefined {
  if (path['folder'] !== undefined) return 'folder';
  return path['organization'] === undefined ? undefined : 'organization';
}

function getPolicy(call: Call): Answer {
  const { options } = readBody(call.body, { options: { requestedPolicyVersion: 'integer' } } as const);
  const version = options?.requestedPolicyVersion ?? 0;
  if (![0, 1, 3].includes(version)) throw invalidArgument(`Invalid requested policy version: ${version}. Valid values are 0, 1, and 3.`);
  return policyFields(call.store.view().policy(aboveOf(call)), version === 3);
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
  const of = aboveOf(call);
  const { truth } = call.store;
  const before = truth.policy(of);
  const asked = policyFrom(policy, truth, call.project, of);
  if (policy.etag !== undefined && policy.etag !== '') {
    if (policy.etag !== before.etag) throw concurrentChanges();
    if (before.bindings.some(({ condition }) => condition !== undefined) && policy.version !== 3) {
      throw invalidArgument('The policy has conditional role bindings: it must be set with version 3.');
    }
  }
  const next: PolicyRecord = {
    etag: newEtag(), bindings: mask.includes('bindings') ? asked.bindings : before.bindings, auditConfigs: mask.includes('auditConfigs') ? asked.auditConfigs : before.auditConfigs,
  };
  call.store.commit({ type: 'policy-put', policy: next, ...(of === undefined ? {} : { of }) });
  return policyFields(next, true);
}

function testPermissions(call: Call): Answer {
  const { permissions = [] } = readBody(call.body, { permissions: ['string'] } as const);
  const wrong = permissions.find((permission) => !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(permission));
  if (wrong !== undefined) throw invalidArgument(`Permission ${wrong} is not valid for this resource.`);
  return proto({ permissions: permissions.filter((permission) => call.isGranted(permission)) });
}
