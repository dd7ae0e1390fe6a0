import { projectNumberOf } from './ids';
import type { Binding, GcpState } from './gcp-state';

/** What the cloud really holds, past all faults and stale reads; deleted things that can be brought back included. */
export interface GcpSnapshot {
  readonly project: string;
  readonly projectNumber: string;
  /** By e-mail address. */
  readonly serviceAccounts: readonly ServiceAccountSnapshot[];
  /** By id. */
  readonly roles: readonly RoleSnapshot[];
  readonly policy: { readonly etag: string; readonly bindings: readonly Binding[] };
  /** By id. */
  readonly groups: readonly GroupSnapshot[];
  /** By id. */
  readonly users: readonly DirectoryUserSnapshot[];
}
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
  const { etag, bindings } = state.policy;
  return {
    project, projectNumber: projectNumberOf(project),
    serviceAccounts: state.accounts().map(({ email, uniqueId, displayName, description, disabled, deletedAt }) =>
      ({ email, uniqueId, displayName, description, disabled, deleted: deletedAt !== undefined })),
    roles: state.roles().map(({ id, title, description, includedPermissions, stage, deletedAt }) =>
      ({ roleId: id, title, description, includedPermissions, stage, deleted: deletedAt !== undefined })),
    policy: { etag, bindings },
    groups: state.directory.groups().map(({ id, email, displayName, description }) =>
      ({ email, displayName, description, members: state.directory.members(id).map(({ member }) => member).sort() })),
    users: state.directory.users().map(({ email, aliases, givenName, familyName, externalIds }) => ({ email, aliases, name: `${givenName} ${familyName}`, externalIds })),
  };
}
