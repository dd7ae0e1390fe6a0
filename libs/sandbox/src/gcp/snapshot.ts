import { projectNumberOf } from './ids';
import type { AccessBoundaryRecord, Binding, DenyRule, GcpState, NodeAbove, PolicyBindingRecord, RoleRecord } from './gcp-state';

/** What the cloud really holds, past all faults and stale reads; deleted things that can be brought back included. */
export interface GcpSnapshot {
  readonly project: string;
  readonly projectNumber: string;
  /** By e-mail address. */
  readonly serviceAccounts: readonly ServiceAccountSnapshot[];
  /** By id. */
  readonly roles: readonly RoleSnapshot[];
  readonly policy: PolicySnapshot;
  /** By id. */
  readonly denyPolicies: readonly DenyPolicySnapshot[];
  readonly organization: { readonly roles: readonly RoleSnapshot[]; readonly policy: PolicySnapshot; readonly denyPolicies: readonly DenyPolicySnapshot[] };
  readonly folder: { readonly policy: PolicySnapshot; readonly denyPolicies: readonly DenyPolicySnapshot[] };
  /** Principal access boundaries of the organisation and what binds them, by id. */
  readonly accessBoundaries: readonly AccessBoundarySnapshot[];
  readonly policyBindings: readonly PolicyBindingSnapshot[];
  /** By id. */
  readonly groups: readonly GroupSnapshot[];
  /** By id. */
  readonly users: readonly DirectoryUserSnapshot[];
}
interface PolicySnapshot {
  readonly etag: string;
  readonly bindings: readonly Binding[];
}
export interface DenyPolicySnapshot {
  readonly policyId: string;
  readonly displayName: string;
  readonly rules: readonly DenyRule[];
}
export type AccessBoundarySnapshot = { readonly policyId: string } & Pick<AccessBoundaryRecord, 'displayName' | 'annotations' | 'rules' | 'enforcementVersion'>;
export type PolicyBindingSnapshot = { readonly bindingId: string; readonly expression: string } & Pick<PolicyBindingRecord, 'annotations' | 'principalSet' | 'policy'>;
export interface DirectoryUserSnapshot {
  readonly email: string;
  readonly aliases: readonly string[];
  readonly name: string;
  readonly externalIds: unknown;
}
export interface GroupSnapshot {
  readonly email: string;
  readonly displayName: string;
  readonly description: string;
  /** Addresses, in their order. */
  readonly members: readonly string[];
}
export interface ServiceAccountSnapshot {
  readonly email: string;
  readonly uniqueId: string;
  readonly displayName: string;
  readonly description: string;
  readonly disabled: boolean;
  readonly deleted: boolean;
  /** Those that people made, in the order in which they were. */
  readonly keys: readonly { readonly id: string; readonly disabled: boolean }[];
}
export interface RoleSnapshot {
  readonly roleId: string;
  readonly title: string;
  readonly description: string;
  readonly includedPermissions: readonly string[];
  readonly stage: string;
  readonly deleted: boolean;
}

export function snapshotOf(state: GcpState, project: string): GcpSnapshot {
  return {
    project, projectNumber: projectNumberOf(project),
    serviceAccounts: state.accounts().map(({ email, uniqueId, displayName, description, disabled, deletedAt, keys = [] }) =>
      ({ email, uniqueId, displayName, description, disabled, deleted: deletedAt !== undefined, keys: keys.map((key) => ({ id: key.id, disabled: key.disabled })) })),
    roles: rolesOf(state, undefined), policy: policyOf(state, undefined), denyPolicies: denyPoliciesOf(state, undefined),
    organization: { roles: rolesOf(state, 'organization'), policy: policyOf(state, 'organization'), denyPolicies: denyPoliciesOf(state, 'organization') },
    folder: { policy: policyOf(state, 'folder'), denyPolicies: denyPoliciesOf(state, 'folder') },
    accessBoundaries: state.accessBoundaries().map(({ id, displayName, annotations, rules, enforcementVersion }) => ({ policyId: id, displayName, annotations, rules, enforcementVersion })),
    policyBindings: state.policyBindings().map(({ id, annotations, principalSet, policy, condition }) => ({ bindingId: id, annotations, principalSet, policy, expression: condition?.expression ?? '' })),
    groups: state.directory.groups().map(({ id, email, displayName, description }) =>
      ({ email, displayName, description, members: state.directory.members(id).map(({ member }) => member).sort() })),
    users: state.directory.users().map(({ email, aliases, givenName, familyName, externalIds }) => ({ email, aliases, name: `${givenName} ${familyName}`, externalIds })),
  };
}

function policyOf(state: GcpState, of: NodeAbove | undefined): PolicySnapshot {
  const { etag, bindings } = state.policy(of);
  return { etag, bindings };
}

function denyPoliciesOf(state: GcpState, of: NodeAbove | undefined): DenyPolicySnapshot[] {
  return state.denyPolicies().filter((policy) => policy.of === of).map(({ id, displayName, rules }) => ({ policyId: id, displayName, rules }));
}

function rolesOf(state: GcpState, of: RoleRecord['of']): RoleSnapshot[] {
  return state.roles(of).map(({ id, title, description, includedPermissions, stage, deletedAt }) =>
    ({ roleId: id, title, description, includedPermissions, stage, deleted: deletedAt !== undefined }));
}
