import { byKey } from '../cloud/order';
import { renamedPrincipal } from './deny-rules';
import { invalidArgument } from './errors';
import type { AuditConfig, Binding, Change, Condition, GcpState, NodeAbove, PolicyRecord } from './gcp-state';
import { accountDomainOf } from './ids';
import type { Project } from './operations/operation';
import type { PolicyRequest } from './requests';

/** Limits of an allow policy (Quotas and limits, IAM documentation). */
export const PRINCIPALS_PER_POLICY = 1_500;
const LOG_TYPES = ['ADMIN_READ', 'DATA_WRITE', 'DATA_READ'];

const ADDRESS = String.raw`[^\s@:?]+@[^\s@:?]+\.[^\s@:?]+`;
/** Principal identifiers of v1 (IAM documentation). */
const MEMBER = new RegExp([
  '^allUsers$', '^allAuthenticatedUsers$', `^(user|group|serviceAccount):${ADDRESS}$`, String.raw`^domain:[^\s@:]+\.[^\s@:]+$`,
  `^deleted:(user|group|serviceAccount):${ADDRESS}\\?uid=\\d+$`, String.raw`^deleted:principal://\S+$`, String.raw`^principal(Set)?://\S+$`,
  String.raw`^project(Owner|Editor|Viewer):\S+$`,
].join('|'));

/** What a policy asks for, as it is kept: bindings by role, each role and condition once, members in order, nothing empty. */
export function policyFrom(policy: PolicyRequest, state: GcpState, project: Project, of: NodeAbove | undefined): { readonly bindings: readonly Binding[]; readonly auditConfigs: readonly AuditConfig[] } {
  const { version = 0, bindings = [], auditConfigs = [] } = policy;
  if (![0, 1, 3].includes(version)) throw invalidArgument(`Invalid policy version: ${version}. Valid values are 0, 1, and 3.`);
  const merged = new Map<string, { readonly role: string; readonly members: Set<string>; readonly condition?: Condition }>();
  for (const { role = '', members = [], condition } of bindings) {
    checkRole(role, state, project, of);
    members.forEach((member) => checkMember(member, state, project));
    const kept = condition === undefined ? {} : { condition: checkCondition(condition, version) };
    const key = JSON.stringify([role, kept]);
    const entry = merged.get(key) ?? { role, members: new Set<string>(), ...kept };
    members.forEach((member) => entry.members.add(member));
    merged.set(key, entry);
  }
  const kept = [...merged.values()].filter(({ members }) => members.size > 0);
  if (kept.reduce((total, { members }) => total + members.size, 0) > PRINCIPALS_PER_POLICY) {
    throw invalidArgument(`The number of members in the policy exceeds the maximum allowed size of ${PRINCIPALS_PER_POLICY}.`);
  }
  const sorted = kept.map(({ role, members, ...rest }): Binding => ({ role, members: [...members].sort(), ...rest })).sort(byKey(({ role }) => role));
  return { bindings: sorted, auditConfigs: auditConfigs.map(checkAuditConfig) };
}

/** Custom roles must be there and alive; those of a project can be given in it alone, those of the organisation everywhere. Of Google's own the sandbox knows the form only. */
function checkRole(role: string, state: GcpState, project: Project, of: NodeAbove | undefined): void {
  const [, home, owner, id = ''] = /^(projects|organizations)\/([^/]+)\/roles\/([^/]+)$/.exec(role) ?? [];
  const custom = home === 'projects' ? (of === undefined && owner === project.id ? state.role(id, undefined) : undefined)
    : owner === project.organization ? state.role(id, 'organization') : undefined;
  const stands = home === undefined ? /^roles\/[A-Za-z0-9_.]+$/.test(role) : custom !== undefined && custom.deletedAt === undefined;
  if (!stands) throw invalidArgument(`Role ${role} is not supported for this resource.`);
}

/** Of service accounts the project's own must be there, of users and groups those of the directory; of other principals the sandbox knows the form only. */
function checkMember(member: string, state: GcpState, { id, directory }: Project): void {
  if (!MEMBER.test(member)) throw invalidArgument(`Invalid member: ${member}. The member must be in a valid format.`);
  const [, type = '', email = ''] = /^(\w+):(.*)$/.exec(member) ?? [];
  if (type === 'serviceAccount' && email.endsWith(`@${accountDomainOf(id)}`) && state.accountAt(email) === undefined) throw invalidArgument(`Service account ${email} does not exist.`);
  if (type === 'group' && email.endsWith(`@${directory.domain}`) && state.directory.groupAt(email) === undefined) throw invalidArgument(`Group ${email} does not exist.`);
  if (type === 'user' && email.endsWith(`@${directory.domain}`) && state.directory.userAt(email) === undefined) throw invalidArgument(`User ${email} does not exist.`);
}

/** In every policy: bindings of one who was deleted, and rules about such a one, stay, under a name that says whom they meant ("Policies with deleted principals", IAM documentation), and back. */
export function renamedMember(state: GcpState, from: string, to: string): readonly Change[] {
  return [
    ...state.policies().map(([of, policy]): Change => ({ type: 'policy-put', policy: renamedIn(policy, from, to), ...(of === undefined ? {} : { of }) })),
    ...renamedPrincipal(state, from, to),
  ];
}

function renamedIn(policy: PolicyRecord, from: string, to: string): PolicyRecord {
  const bindings = policy.bindings.map((binding) => ({ ...binding, members: binding.members.map((member) => (member === from ? to : member)).sort() }));
  return { ...policy, bindings };
}

function checkCondition(condition: { readonly expression?: string; readonly title?: string; readonly description?: string; readonly location?: string }, version: number): Condition {
  if (version !== 3) throw invalidArgument('Conditions can be set with policy version 3 only.');
  const { expression = '', title = '', ...rest } = condition;
  if (expression.trim() === '') throw invalidArgument('The condition expression must not be empty.');
  if (title === '') throw invalidArgument('The condition title must not be empty.');
  return { expression, title, ...rest };
}

function checkAuditConfig({ service = '', auditLogConfigs = [] }: NonNullable<PolicyRequest['auditConfigs']>[number]): AuditConfig {
  if (service === '') throw invalidArgument('The service of an audit config must be set.');
  return {
    service, auditLogConfigs: auditLogConfigs.map(({ logType = '', exemptedMembers }) => {
      if (!LOG_TYPES.includes(logType)) throw invalidArgument(`Invalid value at 'policy.audit_configs.audit_log_configs.log_type', "${logType}"`);
      return { logType, ...(exemptedMembers === undefined ? {} : { exemptedMembers }) };
    }),
  };
}
