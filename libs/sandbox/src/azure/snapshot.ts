import type { AzureState, Fields, ObjectType, RoleAssignment, RoleDefinition } from './azure-state';
import type { Tenant } from './graph/operation';

/** What the cloud really holds, past all faults and stale reads; deleted objects that can be restored included. */
export interface AzureSnapshot {
  readonly tenant: string;
  readonly subscription: string;
  readonly users: readonly ObjectSnapshot[];
  readonly groups: readonly GroupSnapshot[];
  readonly applications: readonly ObjectSnapshot[];
  readonly servicePrincipals: readonly ObjectSnapshot[];
  /** Custom ones. */
  readonly roleDefinitions: readonly RoleDefinition[];
  readonly roleAssignments: readonly RoleAssignment[];
}
export interface ObjectSnapshot {
  readonly id: string;
  readonly displayName: string;
  readonly deleted: boolean;
  /** All that $select can name. */
  readonly fields: Fields;
}
export interface GroupSnapshot extends ObjectSnapshot {
  /** Ids of those that are alive. */
  readonly members: readonly string[];
}

export function snapshotOf(state: AzureState, tenant: Tenant, subscription: string): AzureSnapshot {
  const ofType = (wanted: ObjectType): readonly ObjectSnapshot[] => state.objects().filter(({ type }) => type === wanted)
    .map(({ id, fields, deletedAt }) => ({ id, displayName: String(fields['displayName']), deleted: deletedAt !== undefined, fields }));
  return {
    tenant: tenant.id, subscription, users: ofType('user'), applications: ofType('application'), servicePrincipals: ofType('servicePrincipal'),
    groups: ofType('group').map((group) => ({ ...group, members: state.membersOf(group.id).map(({ id }) => id) })),
    roleDefinitions: state.definitions(), roleAssignments: state.assignments(),
  };
}
