import type { AzureState, DirectoryObject, Fields, RoleAssignment } from '../azure-state';
import { AzureError } from '../errors';
import { CALLER, contains, guidName, holdsAt, isGuid, isManagementGroup, readProperties, scopeOf, timeOf } from './operation';
import type { ArmAnswer, ArmCall, ArmOperations } from './operation';
import { definitionId, definitionIn, definitionNameIn, noSuchDefinition } from './role-definitions';

/** In a subscription and all that is in it. */
export const ASSIGNMENTS_QUOTA = 4_000;
/** In one management group (Azure RBAC limits). */
const ASSIGNMENTS_OF_GROUP = 500;
const ASSIGNMENTS = '/{scope+}/providers/Microsoft.Authorization/roleAssignments';
const SHAPE = {
  roleDefinitionId: 'string', principalId: 'string', principalType: 'string', description: 'string', condition: 'string', conditionVersion: 'string', delegatedManagedIdentityResourceId: 'string',
  scope: 'any', createdOn: 'any', updatedOn: 'any', createdBy: 'any', updatedBy: 'any',
} as const;
const PRINCIPAL_TYPES = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'];
const TYPE_OF: Readonly<Record<DirectoryObject['type'], string | undefined>> = { user: 'User', group: 'Group', servicePrincipal: 'ServicePrincipal', application: undefined };

export const roleAssignmentOperations: ArmOperations = {
  'roleAssignments.create': { method: 'PUT', template: `${ASSIGNMENTS}/{name}`, action: 'Microsoft.Authorization/roleAssignments/write', writes: true, run: put },
  'roleAssignments.get': { method: 'GET', template: `${ASSIGNMENTS}/{name}`, action: 'Microsoft.Authorization/roleAssignments/read', writes: false, run: get },
  'roleAssignments.list': { method: 'GET', template: ASSIGNMENTS, action: 'Microsoft.Authorization/roleAssignments/read', writes: false, run: list },
  'roleAssignments.delete': { method: 'DELETE', template: `${ASSIGNMENTS}/{name}`, action: 'Microsoft.Authorization/roleAssignments/delete', writes: true, run: remove },
};

function assignmentFields(call: ArmCall, assignment: RoleAssignment, createdBy: string | null): Fields {
  const { name, scope, role, principalId, principalType, condition, conditionVersion, createdOn, updatedOn, description } = assignment;
  return {
    properties: {
      roleDefinitionId: definitionId(call, role), principalId, principalType, scope, condition, conditionVersion, createdOn, updatedOn, createdBy, updatedBy: CALLER,
      delegatedManagedIdentityResourceId: null, description,
    },
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, type: 'Microsoft.Authorization/roleAssignments', name,
  };
}

/** Always 201, also where it is an update of description and condition; `createdBy` is null, which is not how it is kept (recordings). */
function put(call: ArmCall): ArmAnswer {
  const scope = scopeOf(call);
  const name = guidName(call, 'RoleAssignment');
  const asked = readAssignment(call);
  const { truth } = call.store;
  const before = truth.assignment(name);
  if (before !== undefined && (before.role !== asked.role || before.principalId !== asked.principalId || before.scope.toLowerCase() !== scope.toLowerCase())) {
    throw new AzureError(400, 'RoleAssignmentUpdateNotPermitted', 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.');
  }
  checkRole(call, asked.role, scope);
  const twin = truth.assignments().find((other) => other.role === asked.role && other.principalId === asked.principalId && other.scope.toLowerCase() === scope.toLowerCase());
  if (twin !== undefined && twin.name !== name) throw new AzureError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  if (before === undefined) checkQuota(call, scope);
  const updatedOn = timeOf(call.now);
  const assignment: RoleAssignment = { name, scope, ...asked, createdOn: before?.createdOn ?? updatedOn, updatedOn };
  call.store.commit({ type: 'assignment-put', assignment });
  return { status: 201, body: assignmentFields(call, { ...assignment, createdOn: updatedOn }, null) };
}

function checkQuota({ store, subscription }: ArmCall, scope: string): void {
  const [home, most] = isManagementGroup(scope) ? [scope, ASSIGNMENTS_OF_GROUP] : [`/subscriptions/${subscription}`, ASSIGNMENTS_QUOTA];
  if (store.truth.assignments().filter((one) => contains(home, one.scope)).length < most) return;
  throw new AzureError(400, 'RoleAssignmentLimitExceeded', `Role assignment limit exceeded. No more role assignments can be created. The limit is ${most}.`);
}

type Asked = Pick<RoleAssignment, 'role' | 'principalId' | 'principalType' | 'description' | 'condition' | 'conditionVersion'>;

function readAssignment(call: ArmCall): Asked {
  const { roleDefinitionId = '', principalId = '', principalType, description, condition, conditionVersion } = readProperties(call.body, SHAPE);
  const role = definitionNameIn(roleDefinitionId);
  if (!isGuid(principalId)) throw new AzureError(400, 'InvalidPrincipalId', `A valid principal ID must be provided for role assignment, not '${principalId}'.`);
  if (principalType !== undefined && !PRINCIPAL_TYPES.includes(principalType)) throw new AzureError(400, 'InvalidPrincipalType', `The principal type '${principalType}' is not valid.`);
  if ((condition === undefined) !== (conditionVersion === undefined) || ![undefined, '1.0', '2.0'].includes(conditionVersion)) {
    throw new AzureError(400, 'InvalidConditionVersion', 'A condition needs the condition version 2.0, and a condition version needs a condition.');
  }
  const found = principalTypeOf(call, principalId.toLowerCase(), principalType !== undefined);
  if (principalType !== undefined && principalType !== found) {
    throw new AzureError(400, 'UnmatchedPrincipalType', `The PrincipalId '${principalId.replaceAll('-', '')}' has type '${found}', which is different from specified PrinciaplType '${principalType}'.`);
  }
  return { role, principalId: principalId.toLowerCase(), principalType: found, description: description ?? null, condition: condition ?? null, conditionVersion: conditionVersion ?? null };
}

/** Without a type the principal is looked up where reads are stale; with one it is found as soon as it is made (recordings; Azure RBAC troubleshooting). */
function principalTypeOf({ store, tenant }: ArmCall, principalId: string, typed: boolean): string {
  const principal = (typed ? store.truth : store.view()).object(principalId);
  const type = principal === undefined || principal.deletedAt !== undefined ? undefined : TYPE_OF[principal.type];
  if (type !== undefined) return type;
  throw new AzureError(400, 'PrincipalNotFound', `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${tenant.id}. Check that you have the correct principal ID. `
    + 'If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. '
    + 'In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype');
}

function checkRole(call: ArmCall, role: string, scope: string): void {
  const definition = definitionIn(call.store.truth, role);
  if (definition === undefined) throw noSuchDefinition(role);
  if (definition.assignableScopes.some((assignable) => holdsAt(call, assignable, scope))) return;
  throw new AzureError(400, 'RoleDefinitionScopeMismatch', `The role definition '${role}' cannot be assigned at scope '${scope}'.`);
}

function found(call: ArmCall, state: AzureState): RoleAssignment | undefined {
  const scope = scopeOf(call);
  const assignment = state.assignment(call.path['name'] ?? '');
  return assignment?.scope.toLowerCase() === scope.toLowerCase() ? assignment : undefined;
}

function get(call: ArmCall): ArmAnswer {
  const assignment = found(call, call.store.view());
  if (assignment === undefined) throw new AzureError(404, 'RoleAssignmentNotFound', `The role assignment '${call.path['name'] ?? ''}' is not found.`);
  return { status: 200, body: assignmentFields(call, assignment, CALLER) };
}

/** 204 where there is none. */
function remove(call: ArmCall): ArmAnswer {
  const assignment = found(call, call.store.truth);
  if (assignment === undefined) return { status: 204 };
  call.store.commit({ type: 'assignment-deleted', id: assignment.name });
  return { status: 200, body: assignmentFields(call, assignment, CALLER) };
}

/** At the scope, above it and within its path; `atScope()` leaves out what is within. */
function list(call: ArmCall): ArmAnswer {
  const scope = scopeOf(call);
  const matches = filterOf(call.query.get('$filter') ?? '', call.store.view());
  const { atScope, keeps } = matches;
  const seen = call.store.view().assignments()
    .filter((assignment) => (holdsAt(call, assignment.scope, scope) || (!atScope && contains(scope, assignment.scope))) && keeps(assignment));
  return { status: 200, body: { value: seen.map((assignment) => assignmentFields(call, assignment, CALLER)) } };
}

interface Filter {
  readonly atScope: boolean;
  keeps(assignment: RoleAssignment): boolean;
}

/** `atScope()`, `principalId eq '…'`, `assignedTo('…')`, joined by `and`. */
function filterOf(filter: string, state: AzureState): Filter {
  const clauses = filter.split(/\s+and\s+/i).map((clause) => clause.trim()).filter((clause) => clause !== '');
  const tests = clauses.filter((clause) => !/^atScope\(\)$/i.test(clause)).map((clause) => {
    const [, direct] = /^principalId\s+eq\s+'?([0-9a-f-]{36})'?$/i.exec(clause) ?? [];
    const [, assigned] = /^assignedTo\('([0-9a-f-]{36})'\)$/i.exec(clause) ?? [];
    const id = (direct ?? assigned)?.toLowerCase();
    if (id === undefined) throw new AzureError(400, 'BadRequestFormat', `The filter '${clause}' is not supported.`);
    const ids = new Set([id, ...(assigned === undefined ? [] : groupsAround(state, id))]);
    return ({ principalId }: RoleAssignment) => ids.has(principalId);
  });
  return { atScope: tests.length < clauses.length, keeps: (assignment) => tests.every((test) => test(assignment)) };
}

function groupsAround(state: AzureState, memberId: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const { id } of state.groupsOf(memberId)) {
    if (!seen.has(id)) groupsAround(state, id, seen.add(id));
  }
  return seen;
}
